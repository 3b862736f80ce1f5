package io.logfold.benchmarks;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A MySQL-family server.
 *
 * @param host where it listens
 * @param port where it listens
 * @param user who may create databases
 * @param settings what the sides must be told of it
 */
record DatabaseServer(
    String host, int port, String user, String password, Map<String, String> settings) {

  /** A MariaDB of ours. */
  static DatabaseServer ownMariaDb(int port) {
    return new DatabaseServer(
        "127.0.0.1",
        port,
        "root",
        "",
        Map.of("spring.jpa.properties.hibernate.dialect", "org.hibernate.dialect.MariaDBDialect"));
  }

  /** A server that somebody else runs, by a URL such as {@code jdbc:mysql://root@127.0.0.1/}. */
  static DatabaseServer named(String jdbcUrl) {
    URI uri = URI.create(jdbcUrl.replaceFirst("^jdbc:", ""));
    @Nullable String userInfo = uri.getUserInfo();
    String[] user = (userInfo == null ? "root" : userInfo).split(":", 2);
    return new DatabaseServer(
        uri.getHost(),
        uri.getPort() < 0 ? 3306 : uri.getPort(),
        user[0],
        user.length > 1 ? user[1] : "",
        Map.of());
  }

  /** A database by the given name, made when missing, straight at the server. */
  String url(String database) {
    return url(database, host, port);
  }

  /** The same by way of another port on this machine. */
  String url(String database, int byPort) {
    return url(database, "127.0.0.1", byPort);
  }

  private static String url(String database, String byHost, int byPort) {
    return "jdbc:mysql://%s:%d/%s?createDatabaseIfNotExist=true&rewriteBatchedStatements=true"
            .formatted(byHost, byPort, database)
        + "&connectionTimeZone=UTC&connectTimeout=2000&socketTimeout=20000"
        + "&allowPublicKeyRetrieval=true&sslMode=PREFERRED";
  }

  Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database), user, password);
  }
}
