package partyline.kernel;

import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The disk has no room for what was to be written. Nothing of it was; reading goes on, and writing as soon as there is
/// room again.
public final class StorageFull extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private StorageFull(Throwable cause) {
        super("the disk is full", cause);
    }

    /// `failure` itself, or this if a full disk is behind it.
    static Throwable or(Throwable failure) {
        return behind(failure).<Throwable>map(StorageFull::new).orElse(failure);
    }

    private static Optional<Throwable> behind(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLiteException e && e.getResultCode() == SQLiteErrorCode.SQLITE_FULL) {
                return Optional.of(failure);
            }
            for (Throwable beside : at.getSuppressed()) {
                if (behind(beside).isPresent()) {
                    return Optional.of(failure);
                }
            }
        }
        return Optional.empty();
    }
}
