package io.logfold.command.ingest;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A source that has a name of its own. */
@Entity
@Table(name = "known_source")
class KnownSource {

  @Id private String nameHex = "";

  KnownSource() {}

  static KnownSource of(String name) {
    KnownSource source = new KnownSource();
    source.nameHex = HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8));
    return source;
  }

  String name() {
    return new String(HexFormat.of().parseHex(nameHex), StandardCharsets.UTF_8);
  }
}
