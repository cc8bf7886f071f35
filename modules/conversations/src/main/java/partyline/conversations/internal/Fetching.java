package partyline.conversations.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.conversations.Connection;
import partyline.kernel.OrganizationId;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.media.MediaFailure;
import partyline.media.MediaFiles;
import partyline.media.StoreOutcome;
import partyline.transport.Driver.Download;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Transport;

/// Gets what a person sent along, before the transaction that stores their text: for fifteen seconds at most, and only
/// when somebody may read it. Thread-safe.
public final class Fetching implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Fetching.class);
    private static final Duration PATIENCE = MediaFiles.PATIENCE;

    private final Storage storage;
    private final Transport transport;
    private final Reach reach;
    private final Addressing addressing;
    private final MediaFiles files;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("media-fetch-", 0).factory());

    public Fetching(Storage storage, Transport transport, Reach reach, Addressing addressing, MediaFiles files) {
        this.addressing = addressing;
        this.storage = storage;
        this.transport = transport;
        this.reach = reach;
        this.files = files;
    }

    /// What became of the file that `text` names; empty when it names none, nobody is connected here, or the person is
    /// blocked.
    public Optional<StoreOutcome> fetch(TextReceived text, Optional<Connection> addressed) {
        String media = text.mediaUrl();
        if (media == null) {
            return Optional.empty();
        }
        return storage.database()
                .write(tx -> receiver(tx, text, addressed))
                .map(organization -> inTime(() -> fetch(organization, text, media), text.providerId()));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private Optional<OrganizationId> receiver(Tx tx, TextReceived text, Optional<Connection> addressed) {
        return addressed
                .or(() -> addressing.inFocus(tx.handle(), text.from(), text.line()))
                .flatMap(connection -> reach.owner(tx, connection.identity()))
                .filter(identity -> reach.open(tx, identity, text.from()))
                .map(identity -> identity.organization());
    }

    private StoreOutcome fetch(OrganizationId organization, TextReceived text, String media)
            throws IOException, InterruptedException {
        return switch (transport.download(text.line(), media)) {
            case Download.Address(var url) -> files.fetch(organization, url);
            case Download.Bytes(var body, var declared) -> {
                try (body) {
                    yield files.store(organization, body, declared != null ? declared : text.mediaType());
                }
            }
        };
    }

    /// A driver may be slower than it should; its person must not wait for it.
    private StoreOutcome inTime(Callable<StoreOutcome> fetch, String providerId) {
        Future<StoreOutcome> running = threads.submit(fetch);
        try {
            return running.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            running.cancel(true);
            return new StoreOutcome.Refused(MediaFailure.TIMED_OUT);
        } catch (ExecutionException e) {
            LOG.warn("event=media_not_fetched provider_id={}", providerId, e.getCause());
            return new StoreOutcome.Refused(MediaFailure.UNAVAILABLE);
        } catch (InterruptedException e) {
            running.cancel(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a file came", e);
        }
    }
}
