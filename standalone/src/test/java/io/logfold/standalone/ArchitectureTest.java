package io.logfold.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The house's walls. */
@AnalyzeClasses(packages = "io.logfold", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule theSidesShareOnlyTheContracts =
      noClasses()
          .that()
          .resideInAPackage("io.logfold.command..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.logfold.query..")
          .because("what runs in one process must run as two, with Kafka between them");

  @ArchTest
  static final ArchRule theReadSideKnowsNothingOfTheWriteSide =
      noClasses()
          .that()
          .resideInAPackage("io.logfold.query..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.logfold.command..")
          .because("what runs in one process must run as two, with Kafka between them");

  @ArchTest
  static final ArchRule theContractsAreRecordsWithoutAFramework =
      noClasses()
          .that()
          .resideInAPackage("io.logfold.api..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(
              "io.logfold.api..",
              "java..",
              "org.jspecify.annotations..",
              "org.axonframework.commandhandling",
              "org.axonframework.modelling.command",
              "org.axonframework.serialization")
          .because("both sides, and every later release, must be able to read them");

  @ArchTest
  static final ArchRule theGeneratorSpeaksHttpOnly =
      noClasses()
          .that()
          .resideInAPackage("io.logfold.generator..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.logfold.api..", "io.logfold.command..", "io.logfold.query..")
          .because("it stands for senders that know nothing of us");

  @ArchTest
  static final ArchRule sqlIsInTheTables =
      noClasses()
          .that()
          .resideInAPackage("io.logfold.query..")
          .and()
          .haveSimpleNameNotEndingWith("Table")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework.jdbc..")
          .because("a reader looks for SQL in one class a table");

  @ArchTest
  static final ArchRule featuresOfTheReadSideFormNoCycles =
      SlicesRuleDefinition.slices()
          .matching("io.logfold.query.(*)..")
          .should()
          .beFreeOfCycles()
          .because("a feature that needs another must not be needed by it");

  @ArchTest
  static final ArchRule featuresOfTheWriteSideFormNoCycles =
      SlicesRuleDefinition.slices()
          .matching("io.logfold.command.(*)..")
          .should()
          .beFreeOfCycles()
          .because("a feature that needs another must not be needed by it");

  @ArchTest
  static final ArchRule nobodyAsksTheClockOnTheWall =
      noClasses()
          .that()
          .resideInAnyPackage("io.logfold.command..", "io.logfold.query..", "io.logfold.api..")
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .because("time is a parameter");
}
