package partyline.kernel;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// What the identities are called that events are about; one that is deleted keeps its last handle here.
@FunctionalInterface
public interface IdentityHandles {

    /// Where nobody has one.
    IdentityHandles NONE = (_, _) -> Optional.empty();

    Optional<String> of(Handle reader, Id identity);

    /// The same for the writer, which asks for every event.
    default Optional<String> of(Tx tx, Id identity) {
        return of(tx.handle(), identity);
    }
}
