package partyline.media;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Pruning;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.outbound.Download;
import partyline.outbound.Outbound;

/// The files that agents upload and people send.
///
/// A file is on disk before its row is, and its row before anybody hears of it. Its address holds a random token of 256
/// bits and needs no key. Bytes go from the network to the disk in small pieces. Thread-safe.
public final class MediaFiles implements AutoCloseable {

    /// How long a file may take to come from an address that an agent names.
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Pattern OWN = Pattern.compile("/media/([A-Za-z0-9_-]{43})/([A-Za-z0-9._-]{1,100})");
    /// The same wherever this server was when it gave the address out.
    private static final Pattern OWN_ADDRESS = Pattern.compile(OWN.pattern() + "$");
    private static final int TOKEN_BYTES = 32;

    private static final Duration UNUSED = Duration.ofHours(24);
    /// Whose files without a message take up this part of the operator's room brings no more of them.
    private static final int SHARE_OF_ONE = 20;

    private final Storage storage;
    private final Outbound outbound;
    private final Supplier<String> baseUrl;
    private final OrganizationId operator;
    private final MediaSettings settings;
    private final MediaFolder folder;
    private final MediaStore store = new MediaStore();
    private final SecureRandom random = new SecureRandom();
    private final Pruning pruning;

    /// A file's bytes for somebody who has to hand them on; whoever reads them closes `body`.
    public record Bytes(String name, String contentType, long size, InputStream body) {}

    /// How many files somebody sent that are still here, and how large they are together.
    public record SentFiles(int count, long bytes) {}

    /// What of an organization the person sent and is still here.
    public SentFiles sentBy(OrganizationId organization, PhoneNumber person) {
        return storage.database().read(handle -> store.sentBy(handle, organization, person));
    }

    /// The rows about a person: the files that they sent. An erased one stays as an address that is gone.
    public static List<PersonalTable> personalTables() {
        return List.of(PersonalTable.emptied(
                "media",
                "person = :person",
                "person = NULL, name = '', title = NULL, removed_at = coalesce(removed_at, created_at)"));
    }

    /// The files that a person sent, by their names in the folder of files.
    public static List<Id> sentBy(Handle handle, PhoneNumber person) {
        return MediaStore.sentBy(handle, person);
    }

    /// The names of all files that should be in the folder of files.
    public static Set<String> expected(Handle handle) {
        return MediaStore.alive(handle);
    }

    /// `folder` has the bytes; `baseUrl` is the URL under which this server is reached, known once it listens;
    /// `operator` is whose server it is.
    public MediaFiles(
            Storage storage,
            Outbound outbound,
            Path folder,
            Supplier<String> baseUrl,
            OrganizationId operator,
            MediaSettings settings) {
        this.storage = storage;
        this.outbound = outbound;
        this.baseUrl = baseUrl;
        this.operator = operator;
        this.settings = settings;
        this.folder = new MediaFolder(folder);
        this.pruning =
                new Pruning("media-pruning", storage.clock(), Duration.ZERO, Duration.ofMinutes(30), this::removeDue);
    }

    /// Sweeps up what a crash left, and begins to remove what is due. Called before any file can come.
    public void start() {
        folder.deleteOrphans(storage.database().read(MediaStore::alive));
        pruning.start();
    }

    /// Removes files: what no message referred to for a day after it came, and what none referred to for as long as the
    /// retention says. The row stays, so that the address can say what became of it.
    private int removeDue(Instant now) {
        Duration retention = settings.retention();
        Instant used = retention.isZero() ? Instant.EPOCH : now.minus(retention);
        List<Id> removed = storage.database().write(tx -> store.removeDue(tx, used, now.minus(UNUSED), now));
        folder.delete(removed);
        return removed.size();
    }

    /// Keeps the bytes of a file.
    ///
    /// @throws IOException when its body breaks off or the disk fails; nothing is kept then.
    public StoreOutcome store(NewFile file) throws IOException {
        return store(file, null);
    }

    private StoreOutcome store(NewFile file, @Nullable String told) throws IOException {
        if (room(file.organization()) <= 0) {
            return new StoreOutcome.Refused(MediaFailure.QUOTA_EXCEEDED);
        }
        try (MediaFolder.Draft draft = folder.draft(storage.ids().next())) {
            draft.take(file.body(), file.largest());
            if (draft.size() > file.largest()) {
                return new StoreOutcome.Refused(MediaFailure.TOO_LARGE);
            }
            String kind = ContentTypes.of(file.contentType(), told, draft.head(), file.name());
            return keep(draft, file.organization(), file.name(), kind);
        }
    }

    /// Keeps what a person sent and a driver reads out; `contentType` is what comes with the bytes, `told` what
    /// the line said of them before. `name` is what the person calls it.
    ///
    /// @throws IOException when the bytes break off or the disk fails; nothing is kept then.
    public StoreOutcome store(
            OrganizationId organization,
            InputStream body,
            @Nullable String name,
            @Nullable String contentType,
            @Nullable String told)
            throws IOException {
        return store(new NewFile(organization, name, contentType, body, settings.largestInbound()), told);
    }

    /// Keeps what a line says that `person` sent, for a message of theirs that is to come: see [#claim]. Without one
    /// it goes after a day; until then it takes up the operator's room, of which one person gets a small part.
    ///
    /// @throws IOException when the bytes break off or the disk fails; nothing is kept then.
    public StoreOutcome keep(PhoneNumber person, InputStream body, @Nullable String name, @Nullable String contentType)
            throws IOException {
        long waiting = storage.database().<Long>read(handle -> store.unused(handle, person));
        if (room(waiting * SHARE_OF_ONE) <= 0) {
            return new StoreOutcome.Refused(MediaFailure.QUOTA_EXCEEDED);
        }
        StoreOutcome outcome = store(operator, body, name, contentType, null);
        if (outcome instanceof StoreOutcome.Stored(var file)) {
            storage.database().update(tx -> store.sentBy(tx, file.id(), person));
        }
        return outcome;
    }

    /// Whether the file with this token was sent by `person`, and is still there for a message or belongs to one.
    public boolean holds(String token, PhoneNumber person) {
        return storage.database().read(handle -> store.holds(handle, token, person));
    }

    /// Gives a file that is kept for a message to the organization that gets the message.
    public StoreOutcome claim(OrganizationId organization, String token) {
        return storage.database()
                .write(tx -> store.unclaimed(tx, token)
                        .map(file -> claim(tx, organization, file))
                        .orElseGet(() -> new StoreOutcome.Refused(MediaFailure.UNAVAILABLE)));
    }

    private StoreOutcome claim(Tx tx, OrganizationId organization, MediaFile file) {
        boolean fits =
                file.organization().equals(organization) || room(store.bytes(tx.handle(), organization)) >= file.size();
        return fits
                ? new StoreOutcome.Stored(store.give(tx, file, organization))
                : new StoreOutcome.Refused(MediaFailure.QUOTA_EXCEEDED);
    }

    /// Keeps what is behind an address that a line named, if an address may be called for this organization,
    /// and all of it comes within `patience`. `name` and `told` are what the line said of its name and its type.
    ///
    /// @throws IOException when the disk fails.
    public StoreOutcome fetch(
            OrganizationId organization, String url, @Nullable String name, @Nullable String told, Duration patience)
            throws IOException, InterruptedException {
        if (room(organization) <= 0) {
            return new StoreOutcome.Refused(MediaFailure.QUOTA_EXCEEDED);
        }
        try (MediaFolder.Draft draft = folder.draft(storage.ids().next())) {
            return switch (download(url, organization.equals(operator), patience, draft)) {
                case Download.Outcome.Complete(var type, var given) -> {
                    String called = name == null ? given.orElse(lastOf(url)) : name;
                    String kind = ContentTypes.of(type.orElse(null), told, draft.head(), called);
                    yield keep(draft, organization, called, kind);
                }
                case Download.Outcome.Failed failed -> outcome(failed.why());
                case Download.Outcome.Elsewhere _ -> new StoreOutcome.Refused(MediaFailure.UNAVAILABLE);
            };
        }
    }

    /// What an address in a message of this caller stands for. Calls nobody. The operator's networks are for
    /// admins: an identity's key would read them through the file.
    public Reference reference(Tx tx, Caller caller, String url) {
        if (!isOurs(url)) {
            return outbound.refusal(url, caller.operator() && caller.admin())
                    .<Reference>map(Reference.Refused::new)
                    .orElseGet(Reference.External::new);
        }
        return own(url).flatMap(matched -> store.find(tx, caller, matched.group(1))
                        .filter(file -> file.name().equals(matched.group(2))))
                .<Reference>map(Reference.Own::new)
                .orElseGet(() -> new Reference.Refused(
                        "names no file of this organization that is still kept: upload it with POST"
                                + " /api/v1/imessage/media"));
    }

    /// Notes that a message of `identity` refers to the file, which keeps it until its retention ends.
    public void use(Tx tx, MediaFile file, Id identity) {
        store.use(tx, file.id(), identity, storage.clock().instant());
    }

    /// Notes that `person` sent the file, in a message to `identity`.
    public void receive(Tx tx, MediaFile file, Id identity, PhoneNumber person) {
        use(tx, file, identity);
        store.sentBy(tx, file.id(), person);
    }

    /// How long a person's text waits for the file that comes with it.
    public Duration patience() {
        return settings.patience();
    }

    /// Lets go of files that a message referred to: those that no other refers to are gone once `tx` is
    /// committed.
    public void release(Tx tx, List<String> urls) {
        Instant now = storage.clock().instant();
        List<Id> removed = urls.stream()
                .map(OWN_ADDRESS::matcher)
                .filter(Matcher::find)
                .flatMap(matched -> store.release(tx, matched.group(1), now).stream())
                .toList();
        tx.afterCommit(() -> folder.delete(removed));
    }

    /// What is behind the address with this token and name, whoever asks.
    public Opening open(String token, String name) {
        Optional<MediaStore.Row> row = storage.database()
                .read(handle -> store.find(handle, token))
                .filter(found -> found.file().name().equals(name));
        if (row.isEmpty()) {
            return new Opening.Unknown();
        }
        MediaFile file = row.get().file();
        Path path = folder.path(file.id());
        return row.get().alive() && Files.isReadable(path) ? new Opening.Found(file, path) : new Opening.Gone();
    }

    /// The bytes behind the address of an outgoing message, ours or a public one, for a line that has to send bytes.
    ///
    /// @throws IOException when there is nothing to be had there, or not now.
    public Bytes bytes(String url) throws IOException {
        Optional<Matcher> own = isOurs(url) ? own(url) : Optional.empty();
        if (own.isPresent()) {
            if (open(own.get().group(1), own.get().group(2)) instanceof Opening.Found(var file, var path)) {
                return new Bytes(file.shownName(), file.contentType(), file.size(), Files.newInputStream(path));
            }
            throw new IOException("the file was removed");
        }
        try {
            return copy(url);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the file came", e);
        }
    }

    /// Removes what only `identity` used, and its avatar; the files go once `tx` is committed.
    public void removeAll(Tx tx, Id identity) {
        List<Id> removed =
                new ArrayList<>(store.removeAll(tx, identity, storage.clock().instant()));
        store.deleteAvatar(tx, identity).ifPresent(removed::add);
        tx.afterCommit(() -> folder.delete(removed));
    }

    /// The avatars among these files.
    public Avatars avatars(Identities identities) {
        return new Avatars(storage, this, folder, store, settings.quota(), identities);
    }

    /// The address of a file.
    public String url(MediaFile file) {
        return baseUrl.get() + "/media/" + file.token() + "/" + file.name();
    }

    @Override
    public void close() {
        pruning.close();
    }

    /// The file is on disk before its row, so no row is ever without bytes; without its row it is an orphan.
    private StoreOutcome keep(MediaFolder.Draft draft, OrganizationId organization, @Nullable String name, String type)
            throws IOException {
        if (draft.size() == 0) {
            return new StoreOutcome.Refused(MediaFailure.EMPTY);
        }
        MediaFile file = file(organization, name, type, draft.size());
        draft.keep(file.id());
        boolean fits = storage.database().write(tx -> {
            boolean room = room(store.bytes(tx.handle(), organization)) >= file.size();
            if (room) {
                store.insert(tx, file, storage.clock().instant());
            }
            return room;
        });
        if (!fits) {
            folder.delete(List.of(file.id()));
        }
        return fits ? new StoreOutcome.Stored(file) : new StoreOutcome.Refused(MediaFailure.QUOTA_EXCEEDED);
    }

    /// A file with a new id and address.
    MediaFile file(OrganizationId organization, @Nullable String name, String type, long size) {
        return new MediaFile(
                storage.ids().next(),
                organization,
                token(),
                FileNames.safe(name, type),
                FileNames.title(name, type),
                type,
                size);
    }

    private Bytes copy(String url) throws IOException, InterruptedException {
        try (MediaFolder.Draft draft = folder.draft(storage.ids().next())) {
            if (!(download(url, false, PATIENCE, draft)
                    instanceof Download.Outcome.Complete(var declared, var given))) {
                throw new IOException("the address did not give the file out");
            }
            String name = given.orElse(lastOf(url));
            String type = ContentTypes.of(declared.orElse(null), null, draft.head(), name);
            String shown = FileNames.title(name, type).orElseGet(() -> FileNames.safe(name, type));
            return new Bytes(shown, type, draft.size(), draft.hand());
        }
    }

    private Download.Outcome download(String url, boolean trusted, Duration patience, MediaFolder.Draft draft)
            throws InterruptedException {
        Download wish = new Download(url, trusted, settings.largestInbound(), patience);
        return Redirects.follow(outbound, wish, draft.out());
    }

    private static StoreOutcome outcome(Download.Outcome.Failed.Why why) {
        return switch (why) {
            case REFUSED -> new StoreOutcome.Refused(MediaFailure.ADDRESS_REFUSED);
            case TOO_LARGE -> new StoreOutcome.Refused(MediaFailure.TOO_LARGE);
            case NOT_GIVEN -> new StoreOutcome.Refused(MediaFailure.UNAVAILABLE);
            case TOO_SLOW -> new StoreOutcome.NotYet(MediaFailure.TIMED_OUT);
            case NO_ANSWER -> new StoreOutcome.NotYet(MediaFailure.UNAVAILABLE);
        };
    }

    private long room(OrganizationId organization) {
        return room(storage.database().<Long>read(handle -> store.bytes(handle, organization)));
    }

    private long room(long used) {
        long quota = settings.quota();
        return quota == 0 ? Long.MAX_VALUE : quota - used;
    }

    private boolean isOurs(String url) {
        return url.startsWith(baseUrl.get() + "/media/");
    }

    private Optional<Matcher> own(String url) {
        Matcher matcher = OWN.matcher(url.substring(baseUrl.get().length()));
        return matcher.matches() ? Optional.of(matcher) : Optional.empty();
    }

    private static @Nullable String lastOf(String url) {
        String path = URI.create(url).getPath();
        return path == null ? null : path.substring(path.lastIndexOf('/') + 1);
    }

    private String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
