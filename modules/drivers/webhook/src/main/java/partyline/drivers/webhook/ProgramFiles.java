package partyline.drivers.webhook;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.Cache;
import partyline.drivers.HttpCalls;
import partyline.drivers.SignedRequests;
import partyline.kernel.Hmac;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Attachments.FromPerson;
import partyline.transport.Attachments.Outcome;
import partyline.transport.Driver.Download;
import partyline.transport.FileExchange;
import partyline.transport.LineSetup;
import partyline.transport.WebhookReceiver.Answer;
import partyline.transport.WebhookReceiver.Request;

/// The bytes of files that go between us and the program: it posts those of people before it tells of their text, and
/// may fetch ours while it sends them, each under a name that nobody can guess. What another line was told counts for
/// nothing here. Thread-safe.
final class ProgramFiles {

    /// How long the program may fetch a file after it was told of it.
    private static final Duration OFFERED = Duration.ofHours(1);

    private static final String KEPT = "kept:";
    private static final int RANDOM_BYTES = 32;
    private static final int PROOF_BYTES = 16;

    private final LineSetup setup;
    private final SignedRequests signatures;
    private final SecureRandom random = new SecureRandom();
    /// The address of each file that the program may fetch, by the name that it was told.
    private final Cache<String, String> offered = new Cache<>();

    ProgramFiles(LineSetup setup, SignedRequests signatures) {
        this.setup = setup;
        this.signatures = signatures;
    }

    /// Where the program may fetch what is at `url`, for a while.
    String offer(String url) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String name = text(bytes);
        offered.put(name, url, setup.now(), OFFERED);
        return setup.hookUrl().get() + "/" + FileExchange.MEDIA + "/" + name;
    }

    /// @throws IOException when it cannot be had now.
    Optional<Attachment> give(String name) throws IOException {
        Optional<String> url = offered.get(name, setup.now());
        return url.isPresent() ? Optional.of(setup.around().attachments().open(url.get())) : Optional.empty();
    }

    /// Keeps what the program posts, and says what to call it in the event.
    Answer bring(Request head, InputStream body) {
        Optional<SignedRequests.SignedBody> signed = signatures.proven(head, body, setup.now());
        if (signed.isEmpty()) {
            return Answer.FORBIDDEN;
        }
        try {
            PhoneNumber from =
                    ProgramRequest.person(setup, head.parameter("from").orElse(""));
            String name = head.parameter("name").orElse(null);
            return switch (keep(from, name, head.header("content-type"), signed.get())) {
                case Outcome.Kept(var reference) ->
                    new Answer(200, "application/json", Json.write(Json.object().put("media_id", id(reference))));
                case Outcome.Refused(var why) -> new Answer(413, "text/plain", why);
            };
        } catch (ProgramRequest.Wrong e) {
            return e.answer();
        } catch (IOException e) {
            return signed.get().isForged()
                    ? Answer.FORBIDDEN
                    : new Answer(503, "text/plain", "the file did not come whole, or there is no room: post it again");
        }
    }

    /// What the text of an event brings along, as [#download] takes it.
    ///
    /// @throws IOException when it cannot be kept now.
    @Nullable
    String media(ProgramRequest event, PhoneNumber from) throws ProgramRequest.Wrong, IOException {
        String id = event.text("media_id");
        String base64 = event.text("media_base64");
        String url = event.text("media_url");
        if (Stream.of(Optional.ofNullable(id), Optional.ofNullable(base64), Optional.ofNullable(url))
                        .filter(Optional::isPresent)
                        .count()
                > 1) {
            throw new ProgramRequest.Wrong("media_url", "stands beside another file: a text has one");
        }
        if (url != null && !url.matches("(?i)https?://.+")) {
            throw new ProgramRequest.Wrong("media_url", "must be an address such as https://example.org/cat.jpg");
        }
        if (id != null) {
            return KEPT + reference(id, from);
        }
        return base64 == null ? url : KEPT + keep(event, from, base64);
    }

    Download download(String media) throws IOException {
        return media.startsWith(KEPT) ? new Download.Kept(media.substring(KEPT.length())) : HttpCalls.address(media);
    }

    private String keep(ProgramRequest event, PhoneNumber from, String base64)
            throws ProgramRequest.Wrong, IOException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ProgramRequest.Wrong("media_base64", "is not base64");
        }
        InputStream body = new ByteArrayInputStream(bytes);
        return switch (keep(from, event.text("media_name"), event.text("media_type"), body)) {
            case Outcome.Kept(var reference) -> reference;
            case Outcome.Refused(var why) ->
                throw new ProgramRequest.Wrong(413, "media_base64", "is not taken: " + why);
        };
    }

    private Outcome keep(PhoneNumber from, @Nullable String name, @Nullable String type, InputStream body)
            throws IOException {
        return setup.around().attachments().keep(new FromPerson(from, name, type, body));
    }

    /// The name of a kept file as this line's program is told it.
    private String id(String reference) {
        byte[] proof = Hmac.sha256(setup.around().memory().secret(setup.line())).of(reference);
        return reference + "." + text(Arrays.copyOf(proof, PROOF_BYTES));
    }

    private String reference(String id, PhoneNumber from) throws ProgramRequest.Wrong {
        String reference = id.substring(0, Math.max(0, id.lastIndexOf('.')));
        if (!Hmac.same(id(reference), id) || !setup.around().attachments().holds(reference, from)) {
            throw new ProgramRequest.Wrong(
                    "media_id",
                    "names no file of this person that was posted to this line in the last day: post it again");
        }
        return reference;
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
