package io.logfold.query.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.query.Logs;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {

  private static final String[] PIECES = {
    "users",
    "123",
    "12345.json",
    "3f2a9b1c4d5e6f70",
    "a@b.org",
    "10.0.0.1",
    "2025-06-10",
    "v1",
    "4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
    "Zm9vYmFy1Zm9vYmFyMg",
    "::1",
    "{id}",
    "...",
    "",
    ".",
    "\uD83D\uDE80",
    " ",
    "%20",
    "é",
    "a.b.c",
    "0x1F",
    "-",
    "main.3f2a9b1c4d5e6f70.chunk.js"
  };

  @ParameterizedTest
  @CsvSource({
    "/users/123, /users/{id}",
    "/0, /{id}",
    "/users/123/orders/7/, /users/{id}/orders/{id}/",
    "/2025/06/10, /{id}/{id}/{id}",
    "/users/12345.json, /users/{id}.json",
    "/thumbs/77.webp, /thumbs/{id}.webp",
    "/a/4bf92f35-77b3-4da6-a3ce-929d0e0e4736, /a/{uuid}",
    "/a/4BF92F35-77B3-4DA6-A3CE-929D0E0E4736/b, /a/{uuid}/b",
    "/a/4bf92f35-77b3-4da6-a3ce-929d0e0e4736.pdf, /a/{uuid}.pdf",
    "/c/3f2a9b1c4d5e6f70, /c/{hash}",
    "/c/DA39A3EE5E6B4B0D3255BFEF95601890AFD80709, /c/{hash}",
    "/c/4bf92f3577b34da6a3ce929d0e0e4736.js, /c/{hash}.js",
    "/t/01ARZ3NDEKTSV4RRFFQ69G5FAV, /t/{token}",
    "/t/V1StGXR8_Z5jdHi6B-myT, /t/{token}",
    "/t/4bf92f35-77b3-4da6-a3ce-929d0e0e473g, /t/{token}",
    "/t/dGhpcyBpcyBhIHRva2Vu3q2-7w==, /t/{token}",
    "/t/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P, /t/{token}",
    "/js/main.3f2a9b1c4d5e6f70.chunk.js, /js/{token}.js",
    "/days/2025-06-10, /days/{date}",
    "/days/2025-06-10T10:41:40.123Z, /days/{date}",
    "/days/2025-06-10T10:41:40+02:00/x, /days/{date}/x",
    "/by/ann@example.org, /by/{email}",
    "/by/ann.lee+x@mail.example.org/orders, /by/{email}/orders",
    "/hosts/10.0.0.1, /hosts/{ip}",
    "/hosts/2001:db8::1, /hosts/{ip}",
    "/hosts/2001:db8:0:0:0:0:0:1, /hosts/{ip}",
    "/hosts/::ffff:10.0.0.1, /hosts/{ip}",
    "users/1, users/{id}",
    "//1, //{id}",
  })
  void namesWhatIsOneOfMany(String path, String template) {
    assertThat(PathTemplate.of(path)).isEqualTo(template);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "//",
        "*",
        "/users",
        "/users/",
        "/api/v1/users",
        "/api/v2.1/users",
        "/index.html",
        "/jquery-3.6.0.slim.min.js",
        "/1.2.3",
        "/123.",
        "/.env",
        "/deadbeef",
        "/feedbeef0123456",
        "/posts/how-to-build-a-2-story-house-in-2024",
        "/phones/iphone-15-pro-max-256gb-black",
        "/getUserAccountDetailsV2",
        "/internationalisation-settings",
        "/npm/react@18.2.0/index.js",
        "/@angular/core",
        "/a@b@c.org",
        "/std::vector",
        "/10.0.0.1234",
        "/10.0.0",
        "/2025-06-1",
        "/2025-06-10-review",
        "/-123",
        "/12a",
        "/٤٠٤",
        "/caf\u00e9/\uD83D\uDE80",
        "/users/{id}",
        "/users/{id}.json"
      })
  void leavesEverythingElse(String path) {
    assertThat(PathTemplate.of(path)).isSameAs(path);
  }

  @Test
  void isASlashForAnEmptyPath() {
    assertThat(PathTemplate.of("")).isEqualTo("/");
    assertThat(PathTemplate.of("  ")).isEqualTo("/");
  }

  @Test
  void hasTwelveSegmentsAtMost() {
    assertThat(PathTemplate.of("/a".repeat(12))).isEqualTo("/a".repeat(12));
    assertThat(PathTemplate.of("/a".repeat(13))).isEqualTo("/a".repeat(12) + "/...");
    assertThat(PathTemplate.of("/1".repeat(1_000))).isEqualTo("/{id}".repeat(12) + "/...");
  }

  @Test
  void endsWithAWholeSegmentWhenItIsTooLong() {
    String word = "/" + "w".repeat(99);
    assertThat(PathTemplate.of(word.repeat(2))).isEqualTo(word.repeat(2));
    assertThat(PathTemplate.of(word.repeat(2) + "/1")).isEqualTo(word + "/...");
    assertThat(PathTemplate.of("/" + "w".repeat(200))).isEqualTo("/...");
    assertThat(PathTemplate.of("w".repeat(201))).isEqualTo("/...");
  }

  @Test
  void isItsOwnTemplateAndNeverTooLong() {
    Random random = Logs.random();
    for (int i = 0; i < 100_000; i++) {
      String path = path(random);
      String template = PathTemplate.of(path);
      assertThat(template).as(path).hasSizeBetween(1, PathTemplate.MAX_LENGTH);
      assertThat(PathTemplate.of(template)).as(path).isEqualTo(template);
      assertThat(template.chars().filter(c -> c == '/').count())
          .as(path)
          .isLessThanOrEqualTo(PathTemplate.MAX_SEGMENTS + 1L);
      assertThat(template.strip()).as(path).isEqualTo(template);
    }
  }

  private static String path(Random random) {
    return IntStream.rangeClosed(0, random.nextInt(16))
        .mapToObj(i -> segment(random))
        .collect(Collectors.joining("/", random.nextInt(8) == 0 ? "" : "/", ""));
  }

  private static String segment(Random random) {
    if (random.nextBoolean()) {
      return PIECES[random.nextInt(PIECES.length)];
    }
    String alphabet = random.nextBoolean() ? "0123456789abcdef-.:" : "aZ09_-.@:{}=~ \u00e9T";
    return IntStream.range(0, random.nextInt(random.nextInt(10) == 0 ? 250 : 40))
        .mapToObj(i -> String.valueOf(alphabet.charAt(random.nextInt(alphabet.length()))))
        .collect(Collectors.joining());
  }
}
