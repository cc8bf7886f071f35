package partyline.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
import partyline.kernel.Id;
import partyline.webhooks.Subscriptions.Outcome;
import partyline.webhooks.Subscriptions.Outcome.Done;
import partyline.webhooks.Subscriptions.Outcome.DuplicateUrl;
import partyline.webhooks.Subscriptions.Outcome.Invalid;
import partyline.webhooks.Subscriptions.Outcome.LimitReached;
import partyline.webhooks.Subscriptions.Outcome.NotFound;
import tools.jackson.databind.JsonNode;

class SubscriptionsTest {

    private static final String URL = "https://example.com/hook";
    private static final Subscriptions.Filter ALL =
            new Subscriptions.Filter(Optional.empty(), Optional.empty(), Optional.empty(), true);

    @TempDir
    Path folder;

    private Server server;
    private Caller admin;
    private Identity identity;

    @BeforeEach
    void open() {
        server = new Server(folder, Server.SOON);
        admin = server.organization("default");
        identity = server.identity(admin, "my-agent");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void the_first_subscription_of_an_identity_tells_its_signing_key_and_later_ones_do_not() {
        var first = (Done) create(admin, identity, URL, "imessage.received");
        var second = (Done) create(admin, identity, URL + "2", "imessage.received");

        assertThat(first.signingKey()).hasValueSatisfying(key -> assertThat(key).startsWith("whsec_"));
        assertThat(second.signingKey()).isEmpty();
    }

    @Test
    void a_subscription_shows_every_key_of_the_wire() {
        var made = ((Done) create(admin, identity, URL, "imessage.received", "imessage.sent")).subscription();

        var json = made.json();

        assertThat(json.propertyNames())
                .containsExactly(
                        "id",
                        "organization_id",
                        "mailbox_id",
                        "phone_number_id",
                        "agent_identity_id",
                        "owner_identity_id",
                        "url",
                        "event_types",
                        "status",
                        "context_config",
                        "has_auth_token",
                        "auth_token",
                        "revision",
                        "created_at",
                        "updated_at",
                        "paused_at",
                        "paused_reason");
        assertThat(json.path("agent_identity_id").stringValue())
                .isEqualTo(identity.id().text());
        assertThat(json.path("event_types").valueStream().map(JsonNode::stringValue))
                .containsExactly("imessage.received", "imessage.sent");
        assertThat(json.path("status").stringValue()).isEqualTo("active");
        assertThat(server.subscriptions.find(admin, made.id())).contains(made);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a2a.task.updated",
                "message.read",
                "text.typing",
                "call.started",
                "slack.channel_message_received",
                "phone.incoming_call",
                "imessage.typing",
                "IMESSAGE.RECEIVED",
                ""
            })
    void an_event_that_is_not_supported_is_refused_by_name(String eventType) {
        assertThat(create(admin, identity, URL, "imessage.received", eventType))
                .isEqualTo(new Invalid("event_types", eventType + " is not a supported event type"));
    }

    @Test
    void a_new_one_needs_a_url_and_events() {
        var nothing = new Subscriptions.Change(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        var url = new Subscriptions.Change(Optional.of(URL), Optional.empty(), Optional.empty(), Optional.empty());

        assertThat(server.subscriptions.create(admin, identity.id(), nothing))
                .isEqualTo(new Invalid("url", "must start with https://"));
        assertThat(server.subscriptions.create(admin, identity.id(), url))
                .isEqualTo(new Invalid("event_types", "must name at least one event"));
    }

    @Test
    void event_types_are_some_distinct_and_of_any_families() {
        assertThat(create(admin, identity, URL)).isInstanceOf(Invalid.class);
        assertThat(create(admin, identity, URL, "imessage.sent", "imessage.sent"))
                .isInstanceOf(Invalid.class);
        assertThat(create(admin, identity, URL, EventTypes.all().toArray(String[]::new)))
                .isInstanceOf(Done.class);
    }

    @Test
    void subscriptions_to_one_url_have_no_event_in_common() {
        var first = server.subscribe(admin, identity, URL);

        assertThat(create(admin, identity, URL, "imessage.sent", "imessage.received"))
                .isEqualTo(new DuplicateUrl());
        assertThat(create(admin, server.identity(admin, "other"), URL, "imessage.received"))
                .isInstanceOf(Done.class);
        var second = ((Done) create(admin, identity, URL, "imessage.sent", "call.ended")).subscription();
        assertThat(server.update(admin, second, Server.names("imessage.received")))
                .isEqualTo(new DuplicateUrl());
        assertThat(server.subscriptions.delete(admin, first.id(), false)).isInstanceOf(Done.class);
        assertThat(server.update(admin, second, Server.names("imessage.received")))
                .isInstanceOf(Done.class);
    }

    @Test
    void one_of_several_families_is_listed_changed_and_deleted_only_by_who_knows_of_them() {
        var mixed = ((Done) create(admin, identity, URL, "imessage.sent", "call.ended")).subscription();
        var narrow = new Subscriptions.Filter(Optional.empty(), Optional.empty(), Optional.empty(), false);
        var condition = new Subscriptions.Condition(false, Optional.empty());

        assertThat(server.subscriptions.list(admin, narrow)).isEmpty();
        assertThat(server.subscriptions.list(admin, ALL)).containsExactly(mixed);
        assertThat(server.subscriptions.update(admin, mixed.id(), Server.names("imessage.sent"), condition))
                .isEqualTo(new Outcome.ScopeRequired());
        assertThat(server.subscriptions.delete(admin, mixed.id(), false)).isEqualTo(new Outcome.ScopeRequired());
        assertThat(server.subscriptions.delete(server.organization("stranger"), mixed.id(), false))
                .isEqualTo(new NotFound());
        assertThat(server.subscriptions.delete(admin, mixed.id(), true)).isInstanceOf(Done.class);
    }

    @Test
    void every_change_counts_and_one_for_another_revision_is_refused() {
        var made = server.subscribe(admin, identity, URL);
        var first = new Subscriptions.Condition(false, Optional.of(1));

        var same = server.subscriptions.update(admin, made.id(), Server.names("imessage.received"), first);
        var changed = server.subscriptions.update(admin, made.id(), Server.names("imessage.sent"), first);
        var late = server.subscriptions.update(admin, made.id(), Server.names("imessage.delivered"), first);

        assertThat(((Done) same).subscription()).isEqualTo(made);
        assertThat(((Done) changed).subscription().version().revision()).isEqualTo(2);
        assertThat(late).isEqualTo(new Outcome.Changed());
        assertThat(server.subscriptions
                        .find(admin, made.id())
                        .orElseThrow()
                        .terms()
                        .eventTypes())
                .containsExactly("imessage.sent");
    }

    @Test
    void an_identity_has_at_most_sixty() {
        for (int number = 1; number <= 60; number++) {
            server.subscribe(admin, identity, URL + number);
        }

        assertThat(create(admin, identity, URL, "imessage.sent")).isEqualTo(new LimitReached(60));
        assertThat(create(admin, identity, URL + 1, "imessage.received")).isEqualTo(new DuplicateUrl());
        assertThat(create(admin, server.identity(admin, "other"), URL, "imessage.sent"))
                .isInstanceOf(Done.class);
    }

    @Test
    void an_organization_has_at_most_a_thousand() {
        for (int agent = 0; agent < 50; agent++) {
            Identity owner = server.identity(admin, "agent-" + agent);
            for (int number = 1; number <= 20; number++) {
                server.subscribe(admin, owner, URL + number);
            }
        }
        var stranger = server.organization("stranger");

        assertThat(create(admin, identity, URL, "imessage.sent")).isEqualTo(new Outcome.OrganizationFull(1_000));
        assertThat(create(stranger, server.identity(stranger, "theirs"), URL, "imessage.sent"))
                .isInstanceOf(Done.class);
    }

    @Test
    void a_url_beyond_ascii_is_kept_in_its_normal_form_and_found_in_either() {
        var made = server.subscribe(admin, identity, "https://bücher.example/хук");

        assertThat(made.terms().url()).isEqualTo("https://xn--bcher-kva.example/%D1%85%D1%83%D0%BA");
        assertThat(create(admin, identity, made.terms().url(), "imessage.received"))
                .isEqualTo(new DuplicateUrl());
        assertThat(list(Optional.empty(), Optional.of("https://bücher.example/хук"), Optional.empty()))
                .containsExactly(made);
    }

    @Test
    void only_the_operators_organization_may_name_loopback_over_http() {
        var stranger = server.organization("stranger");
        var theirs = server.identity(stranger, "theirs");

        assertThat(create(admin, identity, "http://127.0.0.1:9/hook", "imessage.sent"))
                .isInstanceOf(Done.class);
        assertThat(create(stranger, theirs, "http://127.0.0.1:9/hook", "imessage.sent"))
                .isEqualTo(new Invalid("url", "must not point to a private or reserved address"));
        assertThat(create(stranger, theirs, "http://example.com/hook", "imessage.sent"))
                .isEqualTo(new Invalid("url", "must start with https://"));
    }

    @Test
    void what_the_caller_may_not_see_does_not_exist() {
        var mine = server.subscribe(admin, identity, URL);
        var other = server.identity(admin, "other");
        var stranger = server.organization("stranger");
        var scopedToOther = new Caller(admin.organization(), Optional.of(other.id()), true, "key");

        for (Caller caller : List.of(stranger, scopedToOther)) {
            assertThat(create(caller, identity, URL + "2", "imessage.sent")).isEqualTo(new NotFound());
            assertThat(server.subscriptions.find(caller, mine.id())).isEmpty();
            assertThat(server.subscriptions.list(caller, ALL)).isEmpty();
            assertThat(server.subscriptions.delete(caller, mine.id(), true)).isEqualTo(new NotFound());
        }
        assertThat(server.subscriptions.find(admin, mine.id())).contains(mine);
    }

    @Test
    void an_identitys_own_key_manages_its_subscriptions() {
        var scoped = new Caller(admin.organization(), Optional.of(identity.id()), true, "key");

        var made = server.subscribe(scoped, identity, URL);

        assertThat(server.subscriptions.list(scoped, ALL)).containsExactly(made);
        assertThat(server.subscriptions.delete(scoped, made.id(), false)).isInstanceOf(Done.class);
        assertThat(server.subscriptions.find(scoped, made.id())).isEmpty();
        assertThat(server.subscriptions.delete(scoped, made.id(), false)).isEqualTo(new NotFound());
    }

    @Test
    void the_list_is_newest_first_and_narrowed_by_every_filter() {
        var first = server.subscribe(admin, identity, URL);
        var second = server.subscribe(admin, server.identity(admin, "other"), URL);

        assertThat(server.subscriptions.list(admin, ALL)).containsExactly(second, first);
        assertThat(list(Optional.of(identity.id()), Optional.of(URL), Optional.of("imessage.received")))
                .containsExactly(first);
        assertThat(list(Optional.empty(), Optional.of(URL + "/"), Optional.empty()))
                .isEmpty();
        assertThat(list(Optional.empty(), Optional.empty(), Optional.of("imessage.sent")))
                .isEmpty();
    }

    private List<Subscription> list(Optional<Id> owner, Optional<String> url, Optional<String> eventType) {
        return server.subscriptions.list(admin, new Subscriptions.Filter(owner, url, eventType, true));
    }

    private Outcome create(Caller caller, Identity owner, String url, String... eventTypes) {
        return server.subscriptions.create(
                caller,
                owner.id(),
                new Subscriptions.Change(
                        Optional.of(url), Optional.of(List.of(eventTypes)), Optional.empty(), Optional.empty()));
    }
}
