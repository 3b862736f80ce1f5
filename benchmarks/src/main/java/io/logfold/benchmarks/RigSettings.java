package io.logfold.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which processes a {@link Rig} has, and what they are told. Make one with {@link #in(Path)}.
 *
 * @param folder everything of this rig: data and logs
 * @param mysqlUrl a server to use, such as {@code jdbc:mysql://root@127.0.0.1:3306/}, or null for a
 *     MariaDB of our own
 * @param redisUrl the cache of the query sides, or null for one in each process
 * @param commandSides how many
 * @param querySides how many, on one database
 * @param partitions of the log's topic
 * @param segments of the fold
 * @param jvmFlags of every side
 * @param relayed whether all connections run through relays that can be cut; they cost CPU time in
 *     this process
 * @param commandSettings further properties of the command sides, such as {@code
 *     logfold.ingest.max-lines}; they win
 * @param querySettings further properties of the query sides; they win
 */
record RigSettings(
    Path folder,
    @Nullable String mysqlUrl,
    @Nullable String redisUrl,
    int commandSides,
    int querySides,
    int partitions,
    int segments,
    List<String> jvmFlags,
    boolean relayed,
    Map<String, String> commandSettings,
    Map<String, String> querySettings) {

  private static final List<String> JVM_FLAGS =
      List.of("-Xmx256m", "-XX:NewRatio=1", "-XX:SurvivorRatio=3", "-XX:+UseSerialGC");

  /** Settings for a folder, everything else by default: one of each, unrelayed. */
  static Builder in(Path folder) {
    return new Builder(folder);
  }

  /** Collects settings; what is not set keeps its default. */
  static final class Builder {
    private final Path folder;
    private @Nullable String mysqlUrl = nonBlank(System.getenv("LOGFOLD_TEST_MYSQL_URL"));
    private @Nullable String redisUrl;
    private int commandSides = 1;
    private int querySides = 1;
    private int partitions = 4;
    private int segments = 4;
    private List<String> jvmFlags = JVM_FLAGS;
    private boolean relayed;
    private Map<String, String> commandSettings = Map.of();
    private Map<String, String> querySettings = Map.of();

    private Builder(Path folder) {
      this.folder = folder;
    }

    /** A server to use; null means what {@code LOGFOLD_TEST_MYSQL_URL} names, else one of ours. */
    Builder mysql(@Nullable String url) {
      mysqlUrl = url == null ? mysqlUrl : url;
      return this;
    }

    /** The cache of the query sides; in each process by default. */
    Builder redis(@Nullable String url) {
      redisUrl = url;
      return this;
    }

    /** 1 by default. */
    Builder commandSides(int number) {
      commandSides = number;
      return this;
    }

    /** 1 by default. */
    Builder querySides(int number) {
      querySides = number;
      return this;
    }

    /** 4 by default. */
    Builder partitions(int number) {
      partitions = number;
      return this;
    }

    /** 4 by default. */
    Builder segments(int number) {
      segments = number;
      return this;
    }

    /** As in the images by default. */
    Builder jvmFlags(List<String> flags) {
      jvmFlags = List.copyOf(flags);
      return this;
    }

    /** Puts relays between all of them; not by default. */
    Builder relayed() {
      relayed = true;
      return this;
    }

    /** Further properties of the command sides. */
    Builder commandSettings(Map<String, String> settings) {
      commandSettings = Map.copyOf(settings);
      return this;
    }

    /** Further properties of the query sides. */
    Builder querySettings(Map<String, String> settings) {
      querySettings = Map.copyOf(settings);
      return this;
    }

    RigSettings build() {
      return new RigSettings(
          folder,
          mysqlUrl,
          redisUrl,
          commandSides,
          querySides,
          partitions,
          segments,
          jvmFlags,
          relayed,
          commandSettings,
          querySettings);
    }

    private static @Nullable String nonBlank(@Nullable String text) {
      return text == null || text.isBlank() ? null : text;
    }
  }
}
