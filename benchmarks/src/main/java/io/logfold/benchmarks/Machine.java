package io.logfold.benchmarks;

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Where it ran.
 *
 * @param memoryBytes of the machine
 * @param kernel name and version of the operating system
 * @param database name and version of the server
 */
record Machine(int cores, long memoryBytes, String java, String kernel, String database) {

  static Machine of(Rig rig) throws SQLException {
    try (Connection connection = rig.connectToQueryDatabase()) {
      var system =
          ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
      return new Machine(
          Runtime.getRuntime().availableProcessors(),
          system.getTotalMemorySize(),
          Runtime.version().toString(),
          System.getProperty("os.name") + " " + System.getProperty("os.version"),
          connection.getMetaData().getDatabaseProductName()
              + " "
              + connection.getMetaData().getDatabaseProductVersion());
    }
  }

  @Override
  public String toString() {
    return "%d cores, %.1f GB, Java %s, %s, %s"
        .formatted(cores, memoryBytes / 1e9, java, kernel, database);
  }
}
