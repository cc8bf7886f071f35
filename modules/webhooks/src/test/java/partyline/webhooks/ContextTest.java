package partyline.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.testkit.Eventually.assertEventually;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.testkit.FakeClock;
import partyline.webhooks.ContextSource.Item;
import partyline.webhooks.ContextSource.Wish;
import partyline.webhooks.Subscriptions.Outcome;
import tools.jackson.databind.JsonNode;

class ContextTest {

    private static final String RECEIVED = "imessage.received";

    private static final RetrySchedule NEVER_AGAIN = new RetrySchedule(List.of());

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();
    private final List<Wish> wishes = new CopyOnWriteArrayList<>();
    private volatile List<Item> newestFirst = List.of();
    private Server server;
    private Caller admin;
    private Identity identity;
    private Id conversation;

    @BeforeEach
    void open() {
        server = new Server(folder, NEVER_AGAIN, clock, wish -> {
            wishes.add(wish);
            return newestFirst.stream().limit(wish.most()).toList();
        });
        admin = server.organization("default");
        identity = server.identity(admin, "my-agent");
        conversation = server.storage.ids().next();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void texts_come_oldest_first_and_what_is_not_configured_is_absent() {
        newestFirst = List.of(item("second", null, 1), item("first", "+12025550140", 0));

        JsonNode context = context("{\"texts\":{\"mode\":\"count\",\"count\":10}}");

        assertThat(context.propertyNames()).containsExactly("texts");
        JsonNode texts = context.path("texts");
        assertThat(texts.path("scope").stringValue()).isEqualTo("conversation");
        assertThat(texts.path("mode").stringValue()).isEqualTo("count");
        assertThat(texts.path("requested").intValue()).isEqualTo(10);
        assertThat(texts.path("truncated").booleanValue()).isFalse();
        assertThat(texts.path("items").valueStream().map(it -> it.path("text").stringValue()))
                .containsExactly("first", "second");
        JsonNode first = texts.path("items").get(0);
        assertThat(first.path("direction").stringValue()).isEqualTo("inbound");
        assertThat(first.path("sender").stringValue()).isEqualTo("+12025550140");
        assertThat(first.path("media").isNull()).isTrue();
        assertThat(texts.path("items").get(1).path("media").path("count").intValue())
                .isEqualTo(1);
        assertThat(wishes.getFirst().conversation()).isEqualTo(conversation);
        assertThat(wishes.getFirst().most()).isEqualTo(10);
    }

    @Test
    void a_window_reaches_back_from_the_event() {
        context("{\"texts\":{\"mode\":\"window\",\"hours\":24}}");

        assertThat(wishes.getFirst().since()).contains(clock.instant().minus(Duration.ofHours(24)));
    }

    @Test
    void mail_and_calls_are_skipped() {
        JsonNode context = context(
                "{\"email\":{\"mode\":\"window\",\"hours\":24},\"calls\":{\"mode\":\"count\",\"count\":1},\"texts\":null}");

        assertThat(context.propertyNames()).containsExactly("email", "calls");
        assertThat(context).allSatisfy(block -> {
            assertThat(block.path("skipped").stringValue()).isEqualTo("no_resource");
            assertThat(block.path("items")).isEmpty();
        });
    }

    @Test
    void the_oldest_are_dropped_beyond_256_kilobytes_and_a_long_text_is_cut() {
        List<Item> items = new ArrayList<>();
        for (int at = 0; at < 50; at++) {
            items.add(item(at + "🌴".repeat(2_500), null, 0));
        }
        newestFirst = items;

        JsonNode context = context("{\"texts\":{\"mode\":\"count\",\"count\":50}}");

        assertThat(Json.write(context).getBytes(UTF_8)).hasSizeLessThan(256 * 1_024);
        JsonNode texts = context.path("texts");
        assertThat(texts.path("truncated").booleanValue()).isTrue();
        assertThat(texts.path("items").size()).isBetween(25, 49);
        JsonNode last = texts.path("items").get(texts.path("items").size() - 1);
        assertThat(last.path("text").stringValue()).startsWith("0🌴").hasSizeBetween(3_999, 4_000);
        assertThat(last.path("text_truncated").booleanValue()).isTrue();
    }

    @Test
    void other_events_and_other_subscriptions_have_no_context() {
        var with = subscribe("{\"texts\":{\"mode\":\"count\",\"count\":1}}", RECEIVED, "imessage.sent");
        var without = server.subscribe(admin, identity, "https://example.com/other");

        server.happens(identity, RECEIVED, conversation);
        server.happens(identity, "imessage.sent", conversation);

        assertEventually(
                () -> List.of(server.log(with).size(), server.log(without).size()), List.of(2, 1));
        assertThat(server.bodies(with).getFirst()).contains("\"context\"");
        assertThat(server.bodies(with).getLast()).doesNotContain("\"context\"");
        assertThat(server.bodies(without)).noneMatch(body -> body.contains("\"context\""));
    }

    @Test
    void an_event_whose_history_cannot_be_had_goes_without_it() {
        server.close();
        server = new Server(folder, NEVER_AGAIN, clock, _ -> {
            throw new IllegalStateException("the history cannot be read");
        });
        var subscription = subscribe("{\"texts\":{\"mode\":\"count\",\"count\":1}}", RECEIVED);

        var first = server.happens(identity, RECEIVED, conversation);
        var second = server.happens(identity, RECEIVED, conversation);

        assertEventually(() -> server.bodies(subscription), List.of(first.envelope(), second.envelope()));
    }

    @Test
    void history_is_asked_for_once_and_never_while_the_event_is_stored() {
        CountDownLatch stored = new CountDownLatch(1);
        server.close();
        server = new Server(folder, Server.SOON, clock, wish -> {
            wishes.add(wish);
            await(stored);
            return List.of(item("before", null, 0));
        });
        var subscription = subscribe("{\"texts\":{\"mode\":\"count\",\"count\":1}}", RECEIVED);

        server.happens(identity, RECEIVED, conversation);
        server.happens(identity, "imessage.sent", conversation);
        stored.countDown();

        assertEventually(
                () -> {
                    clock.advance(Duration.ofSeconds(2));
                    server.deliveries.look();
                    return server.states(subscription);
                },
                List.of("failed"));
        assertThat(server.log(subscription)).hasSize(Server.SOON.delays().size() + 1);
        assertThat(wishes).as("asked once for all attempts").hasSize(1);
        assertThat(server.bodies(subscription).getFirst()).contains("before");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "\"texts\"",
                "{\"sms\":null}",
                "{\"texts\":{}}",
                "{\"texts\":[]}",
                "{\"texts\":{\"mode\":\"count\"}}",
                "{\"texts\":{\"mode\":\"count\",\"count\":0}}",
                "{\"texts\":{\"mode\":\"count\",\"count\":51}}",
                "{\"texts\":{\"mode\":\"count\",\"count\":1.5}}",
                "{\"texts\":{\"mode\":\"count\",\"count\":\"5\"}}",
                "{\"texts\":{\"mode\":\"count\",\"count\":5,\"hours\":null}}",
                "{\"texts\":{\"mode\":\"window\",\"hours\":169}}",
                "{\"texts\":{\"mode\":\"window\",\"count\":5}}",
                "{\"texts\":{\"mode\":\"all\"}}"
            })
    void a_wrong_configuration_is_refused(String config) {
        assertThat(create(config, RECEIVED))
                .isInstanceOfSatisfying(
                        Outcome.Invalid.class,
                        invalid -> assertThat(invalid.field()).isEqualTo("context_config"));
    }

    @Test
    void a_configuration_comes_back_with_every_class() {
        var subscription = subscribe("{\"texts\":{\"mode\":\"count\",\"count\":10}}", RECEIVED);

        var found = server.subscriptions.find(admin, subscription.id()).orElseThrow();

        assertThat(found).isEqualTo(subscription);
        assertThat(Json.write(found.json().path("context_config")))
                .isEqualTo("{\"email\":null,\"texts\":{\"mode\":\"count\",\"count\":10},\"calls\":null}");
    }

    private JsonNode context(String config) {
        var subscription = subscribe(config, RECEIVED);
        server.happens(identity, RECEIVED, conversation);
        assertEventually(() -> server.log(subscription).size(), 1);
        return Json.read(server.bodies(subscription).getFirst()).path("data").path("context");
    }

    private Subscription subscribe(String config, String... types) {
        return ((Outcome.Done) create(config, types)).subscription();
    }

    private Outcome create(String config, String... types) {
        var wish = new Subscriptions.Change(
                Optional.of("https://example.com/hook"),
                Optional.of(List.of(types)),
                Optional.of(Json.read(config)),
                Optional.empty());
        return server.subscriptions.create(admin, identity.id(), wish);
    }

    private Item item(String text, @Nullable String sender, int media) {
        return new Item(server.storage.ids().next(), "imessage", sender, text, "sent", media, clock.instant());
    }
}
