package partyline.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.testkit.Eventually.assertEventually;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Json;
import partyline.testkit.FakeClock;
import partyline.webhooks.Subscriptions.Outcome;
import tools.jackson.databind.JsonNode;

/// Receivers that want to see a bearer token.
class BearerTokensTest {

    private static final String RECEIVED = "imessage.received";
    private static final String TOKEN = "t0ken-of-~the~receiver";

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();
    private Server server;
    private Receiver receiver;
    private Caller admin;
    private Identity identity;

    @BeforeEach
    void open() throws IOException {
        server = new Server(folder, RetrySchedule.parse(List.of("1h", "1h")), clock, ContextSource.NONE);
        receiver = new Receiver();
        admin = server.organization("default");
        identity = server.identity(admin, "my-agent");
    }

    @AfterEach
    void close() {
        receiver.close();
        server.close();
    }

    @Test
    void every_attempt_carries_the_token_of_the_moment() {
        var subscription = server.subscribe(admin, identity, receiver.url(), Optional.of(TOKEN));
        receiver.answers(500, 500);
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.log(subscription).size(), 1);

        server.update(admin, subscription, token(Json.text("another")));
        clock.advance(Duration.ofHours(2));
        server.deliveries.look();
        assertEventually(() -> server.log(subscription).size(), 2);
        server.update(admin, subscription, Server.names(RECEIVED, "imessage.sent"));
        server.deliveryLog.test(admin, subscription.id());
        server.update(admin, subscription, token(Json.read("null")));
        server.deliveryLog.test(admin, subscription.id());

        assertThat(receiver.received())
                .extracting(Receiver.Received::authorization)
                .containsExactly("Bearer " + TOKEN, "Bearer another", "Bearer another", null);
        assertThat(find(subscription).terms().token()).isFalse();
        assertThat(find(subscription).version().revision()).isEqualTo(4);
    }

    @Test
    void what_a_receiver_says_of_the_token_is_not_kept() {
        var subscription = server.subscribe(admin, identity, receiver.url(), Optional.of(TOKEN));
        receiver.echo();

        var made = (DeliveryLog.Outcome.Made) server.deliveryLog.test(admin, subscription.id());

        assertThat(made.attempt().result().body()).contains("got Bearer [auth_token] here");
    }

    @Test
    void a_token_that_was_put_into_another_row_goes_nowhere() {
        server.subscribe(admin, identity, receiver.url() + "/other", Optional.of(TOKEN));
        var mine = server.subscribe(admin, identity, receiver.url(), Optional.of("mine"));
        server.storage.database().update(tx -> tx.run("""
                UPDATE webhook_subscription
                   SET auth_token = (SELECT auth_token FROM webhook_subscription WHERE id <> ?1) WHERE id = ?1
                """, mine.id().text()));

        var made = (DeliveryLog.Outcome.Made) server.deliveryLog.test(admin, mine.id());

        assertThat(made.attempt().result().error()).contains("the server could not make the call");
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    void neither_the_row_nor_the_news_of_a_pause_show_it() {
        var subscription = server.subscribe(admin, identity, receiver.url(), Optional.of(TOKEN));
        receiver.answers(410);
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.journal("subscription.paused").size(), 1);

        JsonNode told =
                Json.read(server.journal("subscription.paused").getFirst()).path("subscription");

        assertThat(told.path("has_auth_token").booleanValue()).isTrue();
        assertThat(told.path("auth_token").isNull()).isTrue();
        String kept = server.storage
                .database()
                .read(handle -> handle.select(
                                "SELECT auth_token FROM webhook_subscription WHERE id = ?",
                                subscription.id().text())
                        .mapTo(String.class)
                        .one());
        assertThat(kept).isNotEmpty().doesNotContain(TOKEN);
        assertThat(find(subscription).toString()).doesNotContain(TOKEN, kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"two words\"",
                "\"Bearer x\"",
                "\"line\\nbreak\"",
                "\"caf\u00e9\"",
                "\"\\u007f\"",
                "7",
                "[\"x\"]",
                "{}"
            })
    void a_token_is_printable_ascii_without_spaces(String json) {
        assertThat(create(Json.read(json)))
                .isInstanceOfSatisfying(
                        Outcome.Invalid.class,
                        invalid -> assertThat(invalid.field()).isEqualTo("auth_token"));
    }

    @Test
    void a_token_has_at_most_4096_characters() {
        assertThat(create(Json.text("x".repeat(4_097)))).isInstanceOf(Outcome.Invalid.class);
        assertThat(create(Json.text("x".repeat(4_096)))).isInstanceOf(Outcome.Done.class);
    }

    private Outcome create(JsonNode token) {
        return server.subscriptions.create(
                admin,
                identity.id(),
                new Subscriptions.Change(
                        Optional.of(receiver.url()),
                        Optional.of(List.of(RECEIVED)),
                        Optional.empty(),
                        Optional.of(token)));
    }

    private Subscription find(Subscription subscription) {
        return server.subscriptions.find(admin, subscription.id()).orElseThrow();
    }

    private static Subscriptions.Change token(JsonNode token) {
        return new Subscriptions.Change(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(token));
    }
}
