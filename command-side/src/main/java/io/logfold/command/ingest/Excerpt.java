package io.logfold.command.ingest;

/** What a sender wrote, shown back: short, and harmless on a terminal or in a document. */
final class Excerpt {

  /** Length of a rejected line's excerpt, in characters. */
  static final int OF_LINE = 200;

  private static final int OF_VALUE = 40;

  private Excerpt() {}

  static String ofValue(String value) {
    return of(value, OF_VALUE);
  }

  /** The first characters; control characters and halves of surrogate pairs become U+FFFD. */
  static String of(String text, int length) {
    int end = Math.min(text.length(), length);
    StringBuilder clean = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < end
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        clean.append(c).append(text.charAt(++i));
      } else {
        clean.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '\uFFFD' : c);
      }
    }
    return clean.toString();
  }

  /** Whether half of a surrogate pair stands alone, which no UTF-8 can carry. */
  static boolean isBroken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }
}
