package partyline.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.Storage;
import partyline.kernel.Tx;

/// The pictures of agents: PNG or JPEG, one to an identity, among the files of its organization and within its
/// share of them. One is kept until another takes its place, it is deleted, or its identity is.
///
/// Callers hand in identities that they were allowed to see. Thread-safe.
public final class Avatars {

    /// How many bytes a picture may have.
    public static final long LARGEST = 5 << 20;

    /// How many pixels it may be wide, and high.
    public static final int LONGEST_SIDE = 4_096;

    /// Up to how many bytes a contact card carries it: a card travels as one file, a third larger than the
    /// picture.
    public static final long LARGEST_ON_CARD = 1 << 20;

    /// What became of a picture.
    public sealed interface Outcome {

        /// It is the identity's picture now.
        record Stored(MediaFile file) implements Outcome {

            /// Whether the identity's contact card carries it.
            public boolean onCard() {
                return file.size() <= LARGEST_ON_CARD;
            }
        }

        /// By its bytes it is neither PNG nor JPEG, or it does not say how large it is.
        record NoPicture() implements Outcome {}

        /// It has too many pixels.
        record TooManyPixels(int width, int height) implements Outcome {}

        /// It has too many bytes.
        record TooLarge() implements Outcome {}

        /// The organization has no room for it.
        record QuotaExceeded() implements Outcome {}

        /// The identity was deleted meanwhile.
        record NoIdentity() implements Outcome {}
    }

    private final Storage storage;
    private final MediaFiles media;
    private final MediaFolder folder;
    private final MediaStore store;
    private final long quota;
    private final Identities identities;

    Avatars(
            Storage storage,
            MediaFiles media,
            MediaFolder folder,
            MediaStore store,
            long quota,
            Identities identities) {
        this.storage = storage;
        this.media = media;
        this.folder = folder;
        this.store = store;
        this.quota = quota;
        this.identities = identities;
    }

    /// Makes `body` the picture of the caller's `identity`, in place of an earlier one.
    ///
    /// @throws IOException when the body breaks off or the disk fails; the earlier one stays then.
    public Outcome put(Caller caller, Id identity, InputStream body) throws IOException {
        OrganizationId organization = caller.organization();
        if (!storage.database().<Boolean>read(handle -> fits(handle, organization, identity, 1))) {
            return new Outcome.QuotaExceeded();
        }
        try (MediaFolder.Draft draft = folder.draft(storage.ids().next())) {
            draft.take(body, LARGEST);
            if (draft.size() > LARGEST) {
                return new Outcome.TooLarge();
            }
            Optional<Picture> picture = picture(draft);
            if (picture.isEmpty()) {
                return new Outcome.NoPicture();
            }
            if (Math.max(picture.get().width(), picture.get().height()) > LONGEST_SIDE) {
                return new Outcome.TooManyPixels(
                        picture.get().width(), picture.get().height());
            }
            String type = picture.get().contentType();
            MediaFile file = media.file(organization, "avatar", type, draft.size());
            draft.keep(file.id());
            Outcome outcome = storage.database().write(tx -> replace(tx, caller, identity, file));
            if (!(outcome instanceof Outcome.Stored)) {
                folder.delete(List.of(file.id()));
            }
            return outcome;
        }
    }

    /// Where the identity's picture is, if it has one.
    public Optional<Opening.Found> open(Id identity) {
        return storage.database()
                .<Optional<MediaFile>>read(handle -> store.avatar(handle, identity))
                .flatMap(file -> {
                    Path path = folder.path(file.id());
                    return Files.isReadable(path) ? Optional.of(new Opening.Found(file, path)) : Optional.empty();
                });
    }

    /// The address of the identity's picture, if it has one that is small enough for a contact card.
    public Optional<String> onCard(Handle handle, Id identity) {
        return store.avatar(handle, identity)
                .map(Outcome.Stored::new)
                .filter(Outcome.Stored::onCard)
                .map(stored -> media.url(stored.file()));
    }

    /// Deletes the identity's picture, if it has one.
    public void delete(Id identity) {
        storage.database().update(tx -> remove(tx, identity));
    }

    private Outcome replace(Tx tx, Caller caller, Id identity, MediaFile file) {
        if (identities.find(tx, caller, identity).isEmpty()) {
            return new Outcome.NoIdentity();
        }
        if (!fits(tx.handle(), file.organization(), identity, file.size())) {
            return new Outcome.QuotaExceeded();
        }
        remove(tx, identity);
        store.insertAvatar(tx, file, identity, storage.clock().instant());
        return new Outcome.Stored(file);
    }

    private void remove(Tx tx, Id identity) {
        Optional<Id> removed = store.deleteAvatar(tx, identity);
        tx.afterCommit(() -> folder.delete(removed.stream().toList()));
    }

    /// The picture that goes makes room for the one that comes.
    private boolean fits(Handle handle, OrganizationId organization, Id identity, long size) {
        long freed = store.avatar(handle, identity).map(MediaFile::size).orElse(0L);
        return quota == 0 || store.bytes(handle, organization) - freed + size <= quota;
    }

    private static Optional<Picture> picture(MediaFolder.Draft draft) throws IOException {
        try (InputStream in = draft.hand()) {
            return Picture.read(in);
        }
    }
}
