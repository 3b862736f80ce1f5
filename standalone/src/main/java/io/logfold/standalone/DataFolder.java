package io.logfold.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The one folder that holds everything: the log and the databases. One process uses it at a time.
 */
final class DataFolder implements AutoCloseable {

  private static final String H2 =
      "jdbc:h2:file:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
          // A commit is on disk when it is answered, and a shutdown hook never overtakes ours.
          + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";

  private final Path path;
  private final FileChannel lock;

  private DataFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes the folder when missing and keeps other processes out of it.
   *
   * @throws IOException if another process uses it
   */
  static DataFolder open(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Files.createDirectories(absolute);
    FileChannel channel =
        FileChannel.open(
            absolute.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      throw new IOException(
          "Another Logfold uses %s: stop it, or choose another folder with --data."
              .formatted(absolute));
    }
    return new DataFolder(absolute, channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  Path path() {
    return path;
  }

  /** Where a database of the given name is. */
  String jdbcUrl(String database) {
    return H2.formatted(path.resolve(database));
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
