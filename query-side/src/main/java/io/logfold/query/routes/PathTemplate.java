package io.logfold.query.routes;

import org.jspecify.annotations.Nullable;

/**
 * Tells the parts of a path that name one thing of many from those that name the route: {@code
 * /users/123} becomes {@code /users/{id}}. A template is its own template. Runs once a log, so it
 * looks at characters, and makes nothing where there is nothing to replace.
 */
final class PathTemplate {

  /** Characters of a template. */
  static final int MAX_LENGTH = 200;

  /** Segments of a template; {@link #REST} stands for those after them. */
  static final int MAX_SEGMENTS = 12;

  private static final String REST = "/...";

  private static final int SHORTEST_HASH = 16;
  private static final int SHORTEST_TOKEN = 20;
  private static final int UUID_LENGTH = 36;
  private static final int DATE_LENGTH = 10;
  private static final int LONGEST_ENDING = 5;

  private PathTemplate() {}

  /** The template of a path; {@code /} of an empty one. */
  static String of(String sent) {
    String path = sent.strip();
    if (path.isEmpty()) {
      return "/";
    }
    StringBuilder template = null;
    int copied = 0;
    int start = path.charAt(0) == '/' ? 1 : 0;
    for (int segment = 0; start <= path.length(); segment++) {
      if (segment == MAX_SEGMENTS) {
        return shortened(joined(template, path, copied, start - 1) + REST);
      }
      int end = endOfSegment(path, start);
      int stem = end;
      String name = whole(path, start, end);
      if (name == null) {
        stem = endOfStem(path, start, end);
        name = stem(path, start, stem);
      }
      if (name != null) {
        template = template == null ? new StringBuilder(MAX_LENGTH) : template;
        template.append(path, copied, start).append(name);
        copied = stem;
      }
      start = end + 1;
    }
    return shortened(joined(template, path, copied, path.length()));
  }

  /** Where a segment ends: at the next slash or with the path. */
  static int endOfSegment(String path, int start) {
    int slash = path.indexOf('/', start);
    return slash < 0 ? path.length() : slash;
  }

  private static String joined(@Nullable StringBuilder template, String path, int from, int to) {
    return template == null ? path.substring(0, to) : template.append(path, from, to).toString();
  }

  /** As many whole segments as there is room for. */
  private static String shortened(String template) {
    if (template.length() <= MAX_LENGTH) {
      return template;
    }
    int slash = template.lastIndexOf('/', MAX_LENGTH - REST.length());
    return template.substring(0, Math.max(0, slash)) + REST;
  }

  /** What a segment is replaced by that a dot does not divide, or null. */
  private static @Nullable String whole(String path, int start, int end) {
    if (isIp4(path, start, end) || isIp6(path, start, end)) {
      return "{ip}";
    }
    return isEmail(path, start, end) ? "{email}" : null;
  }

  /** What a segment without its ending is replaced by, or null. */
  private static @Nullable String stem(String path, int start, int end) {
    if (areDigits(path, start, end)) {
      return "{id}";
    }
    if (isUuid(path, start, end)) {
      return "{uuid}";
    }
    if (isHash(path, start, end)) {
      return "{hash}";
    }
    if (isDate(path, start, end)) {
      return "{date}";
    }
    return isToken(path, start, end) ? "{token}" : null;
  }

  /** Before an ending such as {@code .json}, which stays: it is another route than without it. */
  private static int endOfStem(String path, int start, int end) {
    for (int dot = end - 1; dot > start && dot >= end - 1 - LONGEST_ENDING; dot--) {
      char c = path.charAt(dot);
      if (c == '.') {
        return dot < end - 1 && isLetter(path.charAt(dot + 1)) ? dot : end;
      }
      if (!isLetter(c) && !isDigit(c)) {
        return end;
      }
    }
    return end;
  }

  private static boolean areDigits(String path, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!isDigit(path.charAt(i))) {
        return false;
      }
    }
    return start < end;
  }

  private static boolean isUuid(String path, int start, int end) {
    if (end - start != UUID_LENGTH) {
      return false;
    }
    for (int i = 0; i < UUID_LENGTH; i++) {
      char c = path.charAt(start + i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : !isHex(c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHash(String path, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!isHex(path.charAt(i))) {
        return false;
      }
    }
    return end - start >= SHORTEST_HASH;
  }

  /** {@code 2025-06-10}, and what may follow it in RFC 3339. */
  private static boolean isDate(String path, int start, int end) {
    if (end - start < DATE_LENGTH) {
      return false;
    }
    for (int i = 0; i < DATE_LENGTH; i++) {
      char c = path.charAt(start + i);
      boolean dash = i == 4 || i == 7;
      if (dash ? c != '-' : !isDigit(c)) {
        return false;
      }
    }
    return end - start == DATE_LENGTH || isTime(path, start + DATE_LENGTH, end);
  }

  private static boolean isTime(String path, int start, int end) {
    for (int i = start + 1; i < end; i++) {
      char c = path.charAt(i);
      if (!isDigit(c) && ":.+-Z".indexOf(c) < 0) {
        return false;
      }
    }
    return path.charAt(start) == 'T' && end - start > 1;
  }

  /**
   * Long, with letters and digits, and so restless as words never are: at least every fourth
   * character begins with a digit what was letters, letters what was digits, or capitals what was
   * small.
   */
  private static boolean isToken(String path, int start, int end) {
    if (end - start < SHORTEST_TOKEN) {
      return false;
    }
    int turns = 0;
    boolean digits = false;
    for (int i = start; i < end; i++) {
      char c = path.charAt(i);
      if (!isLetter(c) && !isDigit(c) && "-_.=~".indexOf(c) < 0) {
        return false;
      }
      digits |= isDigit(c);
      turns += i > start && turns(path.charAt(i - 1), c) ? 1 : 0;
    }
    return digits && 4 * turns >= end - start;
  }

  private static boolean turns(char before, char after) {
    if (isLetter(before)) {
      return isDigit(after) || (before >= 'a' && after >= 'A' && after <= 'Z');
    }
    return isDigit(before) && isLetter(after);
  }

  private static boolean isIp4(String path, int start, int end) {
    if (end - start > 15) {
      return false;
    }
    int dots = 0;
    int digits = 0;
    for (int i = start; i < end; i++) {
      char c = path.charAt(i);
      if (c == '.' && digits > 0) {
        dots++;
        digits = 0;
      } else if (!isDigit(c) || ++digits > 3) {
        return false;
      }
    }
    return dots == 3 && digits > 0;
  }

  /** Eight groups, or fewer with {@code ::}. */
  private static boolean isIp6(String path, int start, int end) {
    int colons = 0;
    boolean gap = false;
    for (int i = start; i < end; i++) {
      char c = path.charAt(i);
      if (c == ':') {
        colons++;
        gap |= i > start && path.charAt(i - 1) == ':';
      } else if (!isHex(c) && (c != '.' || colons < 2)) {
        return false;
      }
    }
    return colons == 7 || (gap && colons < 7);
  }

  private static boolean isEmail(String path, int start, int end) {
    int at = -1;
    int dot = -1;
    for (int i = start; i < end; i++) {
      char c = path.charAt(i);
      if (c == '@') {
        if (at >= 0 || i == start) {
          return false;
        }
        at = i;
      } else if (c == '.') {
        dot = i;
      }
    }
    return at >= 0 && dot > at + 1 && areLetters(path, dot + 1, end);
  }

  private static boolean areLetters(String path, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!isLetter(path.charAt(i))) {
        return false;
      }
    }
    return start < end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isHex(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
}
