package io.logfold.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** How far the fold is behind the log. */
final class FoldProgress {

  private static final String TOPIC = "logfold.access-logs";

  private final Rig rig;

  FoldProgress(Rig rig) {
    this.rig = rig;
  }

  /** Where the log ends: the next offset, by partition. */
  Map<Integer, Long> logEnds() throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> latest =
        IntStream.range(0, rig.settings().partitions())
            .mapToObj(part -> new TopicPartition(TOPIC, part))
            .collect(Collectors.toMap(Function.identity(), part -> OffsetSpec.latest()));
    Map<Integer, Long> ends = new HashMap<>();
    try (Admin admin = rig.kafkaAdmin()) {
      admin
          .listOffsets(latest)
          .all()
          .get()
          .forEach((part, end) -> ends.put(part.partition(), end.offset()));
    }
    return ends;
  }

  /** Whether every projection has folded everything below these ends. */
  boolean hasReached(Map<Integer, Long> ends) throws SQLException {
    Map<Integer, Long> positions = positions();
    return ends.entrySet().stream()
        .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  private Map<Integer, Long> positions() throws SQLException {
    Map<Integer, Long> positions = new HashMap<>();
    try (Connection connection = rig.connectToQueryDatabase();
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT part, MIN(next_offset) FROM fold_position GROUP BY part")) {
      while (result.next()) {
        positions.put(result.getInt(1), result.getLong(2));
      }
    }
    return positions;
  }
}
