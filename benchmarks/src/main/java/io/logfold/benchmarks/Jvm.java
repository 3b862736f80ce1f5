package io.logfold.benchmarks;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of Java programs on this program's own class path. */
final class Jvm {

  private static final String LAUNCHER =
      "org.springframework.boot.loader.launch.PropertiesLauncher";

  private Jvm() {}

  /**
   * A command that runs a class.
   *
   * @param flags of the JVM
   * @param arguments of the program
   */
  static List<String> command(Class<?> main, List<String> flags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-Daxoniq.update-checker.disabled=true");
    command.add("-Ddisable-axoniq-console-message=true");
    String classPath = System.getProperty("java.class.path");
    command.addAll(List.of("-cp", classPath));
    if (isExecutableJar(classPath)) {
      command.addAll(List.of("-Dloader.main=" + main.getName(), LAUNCHER));
    } else {
      command.add(main.getName());
    }
    command.addAll(arguments);
    return command;
  }

  /** In it the classes lie where only its own launcher finds them. */
  static boolean isExecutableJar(String classPath) {
    return classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator);
  }
}
