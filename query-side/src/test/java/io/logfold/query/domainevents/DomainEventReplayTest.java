package io.logfold.query.domainevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.query.fold.ProjectionTest;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class DomainEventReplayTest extends ProjectionTest {

  private static final TrackingToken RESET = new GlobalSequenceTrackingToken(10);

  @Autowired private DomainEventReplayTable replay;
  @Autowired private Serializer serializer;

  @AfterEach
  void forgetTheTokens() {
    jdbc().update("DELETE FROM token_entry WHERE segment = 7");
  }

  @Test
  void isUnderWayUntilAllIsReadAgain() {
    assertThat(replay.isUnderWay()).isFalse();
    given(ReplayToken.createReplayToken(RESET, null));
    assertThat(replay.isUnderWay()).isTrue();
    given(ReplayToken.createReplayToken(RESET, new GlobalSequenceTrackingToken(9)));
    assertThat(replay.isUnderWay()).isTrue();
    given(ReplayToken.createReplayToken(RESET, new GlobalSequenceTrackingToken(10)));
    assertThat(replay.isUnderWay()).isFalse();
    given(RESET);
    assertThat(replay.isUnderWay()).isFalse();
  }

  private void given(TrackingToken token) {
    SerializedObject<byte[]> bytes = serializer.serialize(token, byte[].class);
    forgetTheTokens();
    jdbc()
        .update(
            "INSERT INTO token_entry (processor_name, segment, token, token_type, timestamp)"
                + " VALUES (?, 7, ?, ?, '2025-06-10T10:41:40Z')",
            DomainEventProjection.PROCESSOR,
            bytes.getData(),
            bytes.getType().getName());
  }
}
