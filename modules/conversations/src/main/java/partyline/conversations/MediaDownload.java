package partyline.conversations;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.kernel.OrganizationId;
import partyline.kernel.Overloaded;
import partyline.kernel.Storage;
import partyline.kernel.StorageFull;
import partyline.media.MediaFailure;
import partyline.media.MediaFiles;
import partyline.media.StoreOutcome;
import partyline.rules.ContactPolicy;
import partyline.rules.Direction;
import partyline.transport.Driver.Download;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Transport;

/// Gets what a person sent along, before the transaction that stores their text: only when somebody may read
/// it, and within the time that a text waits for its file, in which it looks several times. Thread-safe.
final class MediaDownload implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MediaDownload.class);
    /// Between looks at a file that is not there yet; the last one again and again.
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));

    /// A file that a line names: `media` is what the line knows it by, `type` what it says of its content, `name`
    /// what the person calls it.
    record Wanted(
            String line,
            String media,
            @Nullable String type,
            @Nullable String name) {}

    private final Storage storage;
    private final Transport transport;
    private final Identities identities;
    private final ContactPolicy policy;
    private final ConversationResolver addressing;
    private final MediaFiles files;
    private final DedicatedNumbers numbers;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("media-fetch-", 0).factory());

    MediaDownload(
            Storage storage,
            Transport transport,
            Identities identities,
            ContactPolicy policy,
            ConversationResolver addressing,
            MediaFiles files,
            DedicatedNumbers numbers) {
        this.numbers = numbers;
        this.addressing = addressing;
        this.storage = storage;
        this.transport = transport;
        this.identities = identities;
        this.policy = policy;
        this.files = files;
    }

    /// What became of the file that `text` names; empty when it names none, nobody is connected here, or the person is
    /// blocked.
    Optional<StoreOutcome> fetch(TextReceived text, Optional<Connection> addressed) {
        String media = text.mediaUrl();
        if (media == null) {
            return Optional.empty();
        }
        Wanted wanted = new Wanted(text.line(), media, text.mediaType(), text.mediaName());
        Duration patience = files.patience();
        return storage.database()
                .read(handle -> receiver(handle, text, addressed))
                .map(organization -> inTime(patience, () -> looks(organization, wanted, patience)));
    }

    /// Looks once, for as long as `patience`.
    StoreOutcome look(OrganizationId organization, Wanted wanted, Duration patience) {
        return inTime(patience, () -> once(organization, wanted, patience));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private Optional<OrganizationId> receiver(Handle handle, TextReceived text, Optional<Connection> addressed) {
        return addressed
                .or(() -> addressing.inFocus(handle, text.from(), text.line()))
                .flatMap(connection -> identities.find(handle, connection.identity()))
                .or(() -> numbers.agentFor(handle, text.line(), text.from())
                        .filter(it -> policy.allows(handle, it, text.from(), Direction.BOTH)))
                .filter(identity -> policy.allows(handle, identity, text.from(), Direction.INBOUND))
                .map(Identity::organization);
    }

    private StoreOutcome looks(OrganizationId organization, Wanted wanted, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (int look = 0; ; look++) {
            StoreOutcome outcome = once(organization, wanted, patience);
            Duration pause = PAUSES.get(Math.min(look, PAUSES.size() - 1));
            if (!(outcome instanceof StoreOutcome.NotYet) || System.nanoTime() + pause.toNanos() >= end) {
                return outcome;
            }
            Thread.sleep(pause);
        }
    }

    /// A service that does not give a file out says so by an answer, or breaks off; either may be another one
    /// later.
    private StoreOutcome once(OrganizationId organization, Wanted wanted, Duration patience)
            throws InterruptedException {
        try {
            return switch (transport.lines().download(wanted.line(), wanted.media())) {
                case Download.Address(var url) ->
                    files.fetch(organization, url, wanted.name(), wanted.type(), patience);
                case Download.Kept(var reference) -> files.claim(organization, reference);
                case Download.Bytes(var body, var declared, var given) -> {
                    String name = wanted.name() == null ? given : wanted.name();
                    try (body) {
                        yield files.store(organization, body, name, declared, wanted.type());
                    }
                }
            };
        } catch (IOException | StorageFull | Overloaded e) {
            LOG.info("event=media_not_yet line={} cause=\"{}\"", wanted.line(), e.getMessage());
            return new StoreOutcome.NotYet(MediaFailure.UNAVAILABLE);
        }
    }

    /// A driver may be slower than it should; its person must not wait for it. What this server itself cuts
    /// short as it ends goes on with the next start.
    private StoreOutcome inTime(Duration patience, Callable<StoreOutcome> fetch) {
        Future<StoreOutcome> running;
        try {
            running = threads.submit(fetch);
        } catch (RejectedExecutionException e) {
            return new StoreOutcome.NotYet(MediaFailure.UNAVAILABLE);
        }
        try {
            return running.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            running.cancel(true);
            return new StoreOutcome.NotYet(MediaFailure.TIMED_OUT);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException) {
                return new StoreOutcome.NotYet(MediaFailure.UNAVAILABLE);
            }
            LOG.warn("event=media_not_fetched", e.getCause());
            return new StoreOutcome.Refused(MediaFailure.UNAVAILABLE);
        } catch (InterruptedException e) {
            running.cancel(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a file came", e);
        }
    }
}
