package io.logfold.command.incidents;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.Set;
import org.axonframework.common.jpa.EntityManagerProvider;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.repository.jpa.JpaSagaStore;
import org.axonframework.modelling.saga.repository.jpa.SagaEntry;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;

/**
 * Axon's own store for several processes: a saga that is loaded is locked until the transaction
 * ends. One process may handle an event while another one's deadline falls due, and Axon's locks
 * reach no further than the process.
 */
final class LockedSagaStore extends JpaSagaStore {

  private final EntityManagerProvider entityManagers;
  private final Serializer serializer;

  LockedSagaStore(EntityManagerProvider entityManagers, Serializer serializer) {
    super(JpaSagaStore.builder().entityManagerProvider(entityManagers).serializer(serializer));
    this.entityManagers = entityManagers;
    this.serializer = serializer;
  }

  /**
   * What the locking read itself gives: another read of the same transaction may be of the time
   * before the lock was had.
   */
  @Override
  @SuppressWarnings("NullAway") // null when it has ended, as the interface has it
  public <S> Entry<S> loadSaga(Class<S> sagaType, String sagaIdentifier) {
    EntityManager database = entityManagers.getEntityManager();
    SagaEntry<?> row =
        database.find(SagaEntry.class, sagaIdentifier, LockModeType.PESSIMISTIC_WRITE);
    if (row == null) {
      return null;
    }
    database.detach(row);
    S saga =
        serializer.deserialize(
            new SimpleSerializedObject<>(
                row.getSerializedSaga(), byte[].class, row.getSagaType(), row.getRevision()));
    return new Loaded<>(loadAssociationValues(database, sagaType, sagaIdentifier), saga);
  }

  private record Loaded<S>(Set<AssociationValue> associationValues, S saga) implements Entry<S> {}
}
