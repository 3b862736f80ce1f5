package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = "logfold.ingest.max-sources=3")
class SourcesTest extends WriteSideTest {

  @Autowired Sources sources;
  @Autowired KnownSources rows;
  @Autowired IngestProperties limits;

  @Test
  void callsLateSourcesOtherAndKeepsTheEarlyOnesOverARestart() throws IOException {
    for (String source : new String[] {"Shop", "shop", "b%C3%BCro", "late", "shop"}) {
      post("/logs?source=" + source, GOOD);
    }

    assertThat(source(0)).isEqualTo("Shop");
    assertThat(source(1)).isEqualTo("shop");
    assertThat(source(2)).isEqualTo("büro");
    assertThat(source(3)).isEqualTo("(other)");
    assertThat(source(4)).isEqualTo("shop");

    sources.save();
    Sources restarted = new Sources(rows, limits);
    assertThat(restarted.admit("büro")).isEqualTo("büro");
    assertThat(restarted.admit("later")).isEqualTo("(other)");
  }

  /** A database compares without blanks at the end, and a reader does not see them. */
  @Test
  void takesASourceWithoutTheBlanksAroundIt() throws IOException {
    post("/logs?source=%20shop%20", GOOD);

    assertThat(source(0)).isEqualTo("shop");
  }

  private String source(int index) throws IOException {
    return payload(index).at("/log/source").asText();
  }
}
