package io.logfold.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.logfold.benchmarks.Rig.Side;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A query side's {@code /replays}. What it refuses is an {@link IOException} with its answer. */
record Rebuilds(Http http, Side side) {

  private static final Duration DIFF_TIMEOUT = Duration.ofMinutes(5);

  /**
   * Begins to build a projection anew.
   *
   * @param switching {@code by-hand}, {@code when-ready} or {@code when-equal}
   * @param from the append time from which the log is read, or null for all of it
   * @return its id
   */
  String begin(String projection, String switching, @Nullable Instant from)
      throws IOException, InterruptedException {
    String body =
        "{\"projection\": \"%s\", \"switch\": \"%s\"%s}"
            .formatted(
                projection, switching, from == null ? "" : ", \"from\": \"%s\"".formatted(from));
    return http.post(side.url().resolve("/replays"), body, 202).get("id").asText();
  }

  JsonNode get(String id) throws IOException, InterruptedException {
    return http.json(side.url().resolve("/replays/" + id));
  }

  JsonNode diff(String id) throws IOException, InterruptedException {
    return http.json(side.url().resolve("/replays/" + id + "/diff"), DIFF_TIMEOUT);
  }

  /**
   * Changes what becomes of a rebuild.
   *
   * @param action {@code switch}, {@code rollback} or {@code cancel}
   */
  void change(String id, String action) throws IOException, InterruptedException {
    http.post(side.url().resolve("/replays/" + id + "/" + action), "", 200);
  }

  /** All of a projection, the newest first. */
  List<JsonNode> of(String projection) throws IOException, InterruptedException {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode each : http.json(side.url().resolve("/replays")).get("replays")) {
      if (each.get("projection").asText().equals(projection)) {
        found.add(each);
      }
    }
    return found;
  }
}
