package io.logfold.query.deadletters;

import com.fasterxml.jackson.databind.JsonNode;
import io.logfold.api.ingest.LogReceived;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;

/** An upcaster with a mistake: it fails for the paths that begin with {@code /cryptic}. */
class Cryptic extends SingleEventUpcaster {

  private volatile boolean fails;

  void fail(boolean nowFails) {
    fails = nowFails;
  }

  @Override
  protected boolean canUpcast(IntermediateEventRepresentation event) {
    return event.getType().getName().equals(LogReceived.class.getName());
  }

  @Override
  protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
    SerializedType type = event.getType();
    return event.upcastPayload(
        new SimpleSerializedType(type.getName(), type.getRevision()),
        JsonNode.class,
        json -> {
          if (fails && json.at("/log/path").asText().startsWith("/cryptic")) {
            throw new IllegalStateException("a mistake in an upcaster");
          }
          return json;
        });
  }
}
