package partyline.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.conversations.ConversationsRun.EVE;
import static partyline.conversations.ConversationsRun.SAM;
import static partyline.testkit.Eventually.assertEventually;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.conversations.Message.Status;
import partyline.conversations.SendRequest.Recipient;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.rules.Direction;
import partyline.rules.Rule;
import partyline.rules.Rules;
import partyline.testkit.WriteGroup;
import partyline.transport.Outgoing;
import partyline.transport.Receipt.Kind;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;

/// What Sam and the agent @echo say to each other; @other belongs to the same organization.
class ConversationsTest {

    @TempDir
    private Path folder;

    private ConversationsRun run;
    private Identity echo;
    private Identity other;

    @BeforeEach
    void begin() {
        run = ConversationsRun.open(folder, new Conversations.Limits(3, 0));
        echo = run.agent("echo");
        other = run.agent("other");
    }

    @AfterEach
    void end() {
        run.close();
    }

    @Test
    void what_an_agent_says_leaves_on_the_persons_line_and_is_told_once_it_is_sent() {
        Connection connection = talking();

        SendOutcome outcome = run.send(run.scoped(echo), toSam(), "hello");

        Message message = ((SendOutcome.Queued) outcome).message();
        assertThat(message.delivery().status()).isEqualTo(Status.QUEUED);
        assertThat(message.place().line()).isEqualTo(connection.line());
        run.reaches(message, Status.ACCEPTED);
        assertThat(run.driver.sent).singleElement().satisfies(sent -> {
            assertThat(sent.clientId()).isEqualTo(message.id());
            assertThat(sent.to()).isEqualTo(SAM);
            assertThat(sent.text()).isEqualTo("hello");
        });
        assertThat(run.events(echo)).containsExactly("imessage.received");

        assertThat(run.told(message, Kind.SENT)).isTrue();
        assertThat(run.stored(message).delivery().status()).isEqualTo(Status.SENT);
        assertThat(run.events(echo)).containsExactly("imessage.received", "imessage.sent");
    }

    @Test
    void nobody_is_written_to_before_they_wrote_and_nobody_after_they_left() {
        assertThat(run.send(run.admin, toSam(), "1")).isEqualTo(new SendOutcome.NotConnected(echo.handle()));
        Connection connection = run.connected(SAM, echo);
        assertThat(run.send(run.admin, toSam(), "2")).isEqualTo(new SendOutcome.AwaitingInbound());
        run.hears(connection, "hi");
        run.database.update(tx -> run.connections.releaseAll(tx, SAM));
        assertThat(run.send(run.admin, toSam(), "3")).isEqualTo(new SendOutcome.Inactive(echo.handle()));

        assertThat(run.messages(run.admin)).hasSize(1);
        assertThat(run.driver.sent).isEmpty();
    }

    @Test
    void what_the_caller_does_not_see_does_not_exist() {
        Message heard = run.hears(run.connected(SAM, echo), "hi");
        Id conversation = heard.place().conversation();

        for (var caller : List.of(run.stranger(), run.scoped(other))) {
            assertThat(run.send(caller, new Recipient.Existing(conversation), "hello"))
                    .isEqualTo(new SendOutcome.ConversationNotFound());
            assertThat(run.conversations.markRead(caller, conversation)).isEqualTo(new ReactOutcome.NotFound());
            assertThat(run.conversations.message(caller, heard.id())).isEmpty();
            assertThat(run.conversations.find(caller, conversation)).isEmpty();
            assertThat(run.messages(caller)).isEmpty();
            assertThat(run.list(caller)).isEmpty();
        }
        assertThat(run.send(run.stranger(), toSam(), "hello")).isEqualTo(new SendOutcome.IdentityNotFound());
        assertThat(run.messages(run.scoped(echo))).hasSize(1);
    }

    @Test
    void what_nothing_is_before_is_handed_over_in_the_write_that_accepts_it_and_what_follows_waits() {
        talking();
        CountDownLatch busy = new CountDownLatch(1);
        run.driver.onSend = message -> {
            ConversationsRun.await(busy);
            return ObedientDriver.accept(message);
        };

        Message first = queued("first");
        Message second = queued("second");

        assertThat(run.handedOver()).containsExactly(first.id().text());
        busy.countDown();
        run.reaches(second, Status.ACCEPTED);
        assertThat(run.stored(first).delivery().status()).isEqualTo(Status.ACCEPTED);
        assertThat(run.driver.texts()).containsExactly("first", "second");
    }

    @Test
    void a_send_beside_a_write_that_fails_is_made_again_and_leaves_once() {
        talking();

        Message message =
                ((SendOutcome.Queued) run.besideAFailure(() -> run.send(run.admin, toSam(), "hello"))).message();

        run.reaches(message, Status.ACCEPTED);
        assertThat(run.driver.sent).extracting(Outgoing::clientId).containsExactly(message.id());
        assertThat(run.messages(run.admin)).hasSize(2);
    }

    @Test
    void what_its_line_calls_by_the_id_of_another_message_is_not_taken_for_accepted() {
        talking();
        run.driver.onSend = _ -> new SendResult.Accepted("p-twin", Service.IMESSAGE, true);
        Message first = queued("first");
        run.reaches(first, Status.SENT);

        Message second = queued("second");

        assertEventually(
                () -> {
                    run.clock.advance(Duration.ofSeconds(1));
                    run.conversations.look();
                    return run.driver.asked.stream().distinct().toList();
                },
                List.of("second"));
        assertThat(run.stored(second).delivery().status()).isEqualTo(Status.QUEUED);
        assertThat(run.events(echo)).containsExactly("imessage.received", "imessage.sent");
    }

    @Test
    void what_its_line_refuses_is_declined_with_the_reason_and_what_follows_still_leaves() {
        talking();
        run.driver.onSend = message -> "first".equals(message.text())
                ? new SendResult.Refused("bad_number", "no such number")
                : ObedientDriver.accept(message);

        Message refused = queued("first");
        Message next = queued("second");

        run.reaches(next, Status.ACCEPTED);
        assertThat(run.stored(refused).delivery().status()).isEqualTo(Status.DECLINED);
        assertThat(run.stored(refused).delivery().failure())
                .hasValueSatisfying(failure -> assertThat(failure.code()).isEqualTo("bad_number"));
        assertThat(run.events(echo)).containsExactly("imessage.received", "imessage.delivery_failed");
    }

    @Test
    void what_waits_while_its_line_takes_nothing_is_declined_once_the_person_has_left() {
        talking();
        run.driver.onSend = _ -> new SendResult.NotSent("no signal");
        Message waiting = queued("hello");
        assertEventually(() -> run.driver.texts(), List.of("hello"));

        run.driver.onSend = ObedientDriver::accept;
        run.database.update(tx -> run.connections.releaseAll(tx, SAM));
        assertEventually(
                () -> {
                    run.clock.advance(Duration.ofSeconds(1));
                    run.conversations.look();
                    return run.stored(waiting).delivery().status();
                },
                Status.DECLINED);

        assertThat(run.stored(waiting).delivery().failure())
                .hasValueSatisfying(failure -> assertThat(failure.reason()).isEqualTo("imessage_assignment_inactive"));
        assertThat(run.driver.texts()).containsExactly("hello");
    }

    @Test
    void the_same_key_again_sends_nothing_and_answers_as_the_first_time() {
        talking();
        IdempotencyKey key = new IdempotencyKey("send", "k-1");
        Message message = ((SendOutcome.Queued) run.send(run.admin, toSam(), "hello", Optional.of(key))).message();
        run.reaches(message, Status.ACCEPTED);

        assertThat(run.send(run.admin, toSam(), "hello", Optional.of(key)))
                .isEqualTo(new SendOutcome.Replayed(message));
        assertThat(run.send(run.admin, toSam(), "other words", Optional.of(key)))
                .isEqualTo(new SendOutcome.KeyReused());

        assertThat(run.conversations.sent(run.admin, echo.id(), key)).contains(message.id());
        assertThat(run.conversations.sent(run.stranger(), echo.id(), key)).isEmpty();
        run.accepted(toSam(), "after it");
        assertThat(run.driver.texts()).containsExactly("hello", "after it");
    }

    @Test
    void a_key_that_was_refused_is_free_to_be_used_when_the_reason_is_gone() {
        Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("send", "k-1"));
        assertThat(run.send(run.admin, toSam(), "hello", key)).isInstanceOf(SendOutcome.NotConnected.class);
        talking();

        assertThat(run.send(run.admin, toSam(), "hello", key)).isInstanceOf(SendOutcome.Queued.class);
    }

    @Test
    void an_identity_sends_so_many_in_a_day_and_the_next_is_free_when_the_oldest_is_a_day_old() {
        talking();
        queued("1");
        run.clock.advance(Duration.ofHours(1));
        queued("2");
        queued("3");

        assertThat(run.send(run.admin, toSam(), "4"))
                .isInstanceOfSatisfying(
                        SendOutcome.RateLimited.class,
                        limited -> assertThat(limited.allowance().untilReset()).isEqualTo(Duration.ofHours(23)));
        run.clock.advance(Duration.ofHours(23));
        assertThat(run.send(run.admin, toSam(), "4")).isInstanceOf(SendOutcome.Queued.class);
    }

    @Test
    void receipts_lead_forward_whatever_their_order_and_each_step_is_told_once() {
        talking();
        Message message = run.accepted(toSam(), "hello");

        List.of(Kind.DELIVERED, Kind.SENT, Kind.DELIVERED, Kind.READ, Kind.READ, Kind.FAILED, Kind.SENT)
                .forEach(kind -> assertThat(run.told(message, kind)).isTrue());

        Message.Delivery delivery = run.stored(message).delivery();
        assertThat(delivery.status()).isEqualTo(Status.DELIVERED);
        assertThat(delivery.failure()).isEmpty();
        assertThat(delivery.times().readAt()).contains(run.clock.instant());
        assertThat(run.events(echo))
                .containsExactly("imessage.received", "imessage.sent", "imessage.delivered", "imessage.read");
    }

    @Test
    void a_receipt_of_what_nobody_knows_yet_is_left_to_be_parked() {
        Message heard = run.hears(run.connected(SAM, echo), "hi");

        assertThat(run.told(heard, Kind.SENT)).isFalse();

        assertThat(run.events(echo)).containsExactly("imessage.received");
    }

    @Test
    void a_text_of_the_person_is_kept_counted_and_told() {
        Connection connection = run.connected(SAM, echo);
        run.hears(connection, "one");
        Message second = run.hears(connection, "two");

        assertThat(run.stored(second).content().text()).isEqualTo("two");
        assertThat(run.list(run.scoped(echo))).singleElement().satisfies(thread -> {
            assertThat(thread.person()).isEqualTo(SAM);
            assertThat(thread.connection()).isEqualTo(connection);
            assertThat(thread.preview()).isEqualTo(new Conversation.Preview(Optional.of(second), 2, 2));
        });
        assertThat(run.events(echo)).containsExactly("imessage.received", "imessage.received");
        assertThat(run.received(EVE, connection.line(), "hi")).isEqualTo(new ReceiveOutcome.NotConnected());
    }

    @Test
    void what_the_agent_read_is_marked_once_and_shown_to_the_person() {
        Message heard = run.hears(run.connected(SAM, echo), "hi");
        Id conversation = heard.place().conversation();

        assertThat(run.conversations.markRead(run.admin, conversation)).isEqualTo(new ReactOutcome.Done(1));
        assertThat(run.conversations.markRead(run.admin, conversation)).isEqualTo(new ReactOutcome.Done(0));

        assertThat(run.stored(heard).marks().read()).isTrue();
        assertThat(run.conversations.find(run.admin, conversation))
                .hasValueSatisfying(
                        thread -> assertThat(thread.preview().unread()).isZero());
        assertThat(run.driver.shown).containsExactly("read by " + SAM);
    }

    @Test
    void messages_are_listed_newest_first_and_page_by_page() {
        Connection connection = run.connected(SAM, echo);
        Message first = run.hears(connection, "1");
        Message second = run.hears(connection, "2");
        Message third = run.hears(connection, "3");

        assertThat(page(Optional.empty(), 2, 0)).containsExactly(third, second);
        assertThat(page(Optional.empty(), 2, 2)).containsExactly(first);
        assertThat(page(Optional.of(second.id()), 2, 0)).containsExactly(first);
    }

    @Test
    void history_has_the_beginnings_of_texts() {
        Connection connection = run.connected(SAM, echo);
        run.hears(connection, "👍👍👍");
        Message last = run.hears(connection, "now");
        Conversations.History before =
                new Conversations.History(last.place().conversation(), last.id(), Optional.empty(), 10, 2);

        assertThat(run.conversations.history(before))
                .extracting(it -> it.content().text())
                .containsExactly("👍👍");
    }

    @Test
    void a_page_of_conversations_ends_before_what_was_said_last_grows_large() {
        for (int at = 0; at < 32; at++) {
            run.hears(run.connected(new PhoneNumber("+120255502" + (10 + at)), echo), "x".repeat(18_000));
        }

        Page<Conversation> page = run.conversations.list(run.admin, ConversationFilter.all(Optional.empty(), 200, 0));

        assertThat(page.rows()).hasSize(30);
        assertThat(page.more()).isTrue();
        assertThat(run.conversations
                        .list(run.admin, ConversationFilter.all(Optional.empty(), 200, 30))
                        .rows())
                .hasSize(2);
    }

    @Test
    void conversations_are_listed_by_what_was_said_last() {
        Connection sam = run.connected(SAM, echo);
        Connection eve = run.connected(EVE, other);
        run.hears(sam, "1");
        run.hears(eve, "2");
        assertThat(run.list(run.admin)).extracting(Conversation::person).containsExactly(EVE, SAM);

        run.hears(sam, "3");

        assertThat(run.list(run.admin)).extracting(Conversation::person).containsExactly(SAM, EVE);
        assertThat(run.list(run.scoped(other))).extracting(Conversation::person).containsExactly(EVE);
    }

    @Test
    void a_person_has_one_tapback_on_a_message_and_each_change_of_it_is_told() {
        talking();
        Message message = run.accepted(toSam(), "hello");

        run.reacts(message, "like", false);
        run.reacts(message, "love", false);
        run.reacts(message, "love", false);
        assertThat(run.stored(message).tapbacks())
                .singleElement()
                .satisfies(it -> assertThat(it.reaction().name()).isEqualTo("love"));

        run.reacts(message, "love", true);
        run.reacts(message, "love", true);
        assertThat(run.stored(message).tapbacks()).isEmpty();
        assertThat(run.events(echo))
                .containsExactly(
                        "imessage.received",
                        "imessage.reaction_received",
                        "imessage.reaction_received",
                        "imessage.reaction_removed");
    }

    @Test
    void an_agents_tapback_is_kept_once_its_line_has_shown_it() {
        talking();
        Message message = run.accepted(toSam(), "hello");
        Tapbacks.Wish like = new Tapbacks.Wish(message.id(), new Tapback.Reaction("like", null, 0), Optional.empty());

        run.driver.onTapback = TapbackResult.NOT_NOW;
        assertThat(run.tapbacks.react(run.admin, like)).isEqualTo(new ReactOutcome.LineFailed());
        assertThat(run.stored(message).tapbacks()).isEmpty();

        run.driver.onTapback = TapbackResult.TAKEN;
        Tapback made = ((ReactOutcome.Reacted) run.tapbacks.react(run.admin, like)).tapback();
        assertThat(run.stored(message).tapbacks()).containsExactly(made);
        assertThat(run.tapbacks.takeBack(run.admin, made.id())).isEqualTo(new ReactOutcome.Done(1));
        assertThat(run.stored(message).tapbacks()).isEmpty();
        assertThat(run.driver.shown)
                .containsExactly("like on p-" + message.id(), "like on p-" + message.id(), "null on p-" + message.id());
    }

    @Test
    void what_a_blocked_person_writes_is_for_the_admins_eyes_alone_and_they_are_written_nothing() {
        Connection connection = run.connected(SAM, echo);
        run.rules.create(echo, SAM, Direction.BOTH, Rule.Action.BLOCK);

        Message blocked = run.hears(connection, "let me in");

        assertThat(blocked.marks().blocked()).isTrue();
        assertThat(run.messages(run.admin)).containsExactly(blocked);
        assertThat(run.messages(run.scoped(echo))).isEmpty();
        assertThat(run.list(run.scoped(echo))).isEmpty();
        assertThat(run.events(echo)).isEmpty();
        assertThat(run.send(run.admin, toSam(), "hello")).isInstanceOf(SendOutcome.Blocked.class);
    }

    @Test
    void what_a_blocked_person_writes_moves_nothing_of_the_conversation_that_the_agent_sees() {
        Connection connection = talking();
        List<Conversation> before = run.list(run.scoped(echo));
        run.rules.create(echo, SAM, Direction.INBOUND, Rule.Action.BLOCK);

        run.clock.advance(Duration.ofMinutes(1));
        run.hears(connection, "let me in");

        assertThat(run.list(run.scoped(echo))).isEqualTo(before);
        assertThat(run.list(run.admin).getFirst().preview().total()).isEqualTo(2);
    }

    @Test
    void for_the_agent_a_conversation_begins_with_the_first_text_that_it_sees() {
        Connection connection = run.connected(SAM, echo);
        Id rule = ((Rules.CreateOutcome.Created) run.rules.create(echo, SAM, Direction.INBOUND, Rule.Action.BLOCK))
                .rule()
                .id();
        run.hears(connection, "hidden");
        run.rules.delete(run.admin, echo, rule);
        run.clock.advance(Duration.ofMinutes(1));

        Message seen = run.hears(connection, "seen");

        assertThat(run.messages(run.scoped(echo))).containsExactly(seen);
        assertThat(run.list(run.scoped(echo)))
                .singleElement()
                .satisfies(thread -> assertThat(thread.createdAt()).isEqualTo(seen.createdAt()));
    }

    /// Eve's conversation goes with the group when it is rolled back, Sam's with the text that made it.
    @Test
    void the_first_texts_make_one_conversation_also_beside_one_that_cannot_be_stored() {
        Connection connection = run.connected(SAM, echo);
        Connection ofEve = run.connected(EVE, other);

        WriteGroup.run(
                work -> run.database.update(_ -> work.run()),
                List.of(
                        () -> run.hears(ofEve, "hi"),
                        () -> cannotBeStored(connection),
                        () -> run.hears(connection, "one"),
                        () -> cannotBeStored(connection),
                        () -> run.hears(connection, "two")));

        assertOneConversation("two", "one");
        assertThat(run.hears(ofEve, "still me").place().conversation())
                .isEqualTo(run.list(run.scoped(other)).getFirst().id());
        assertThat(run.messages(run.scoped(other))).hasSize(2);
    }

    @Test
    void the_first_text_makes_the_conversation_also_after_one_that_could_not_be_committed() {
        Connection connection = run.connected(SAM, echo);
        assertThatThrownBy(() -> run.database.update(tx -> {
                    run.received(tx, SAM, connection.line(), "lost");
                    tx.handle().execute("PRAGMA defer_foreign_keys = ON");
                    tx.handle().execute("INSERT INTO line_focus VALUES ('nobody', 'nowhere', 'nothing')");
                }))
                .hasStackTraceContaining("FOREIGN KEY");

        run.hears(connection, "one");

        assertOneConversation("one");
    }

    private void cannotBeStored(Connection connection) {
        assertThatThrownBy(() -> run.database.update(tx -> {
                    run.received(tx, SAM, connection.line(), "lost");
                    throw new IllegalStateException("expected by this test");
                }))
                .hasMessage("expected by this test");
    }

    private void assertOneConversation(String... texts) {
        Conversation conversation = run.list(run.scoped(echo)).getFirst();
        assertThat(run.messages(run.scoped(echo)))
                .allMatch(it -> it.place().conversation().equals(conversation.id()))
                .extracting(it -> it.content().text())
                .containsExactly(texts);
        assertThat(conversation.preview().total()).isEqualTo(texts.length);
        assertThat(run.events(echo)).hasSize(texts.length).containsOnly("imessage.received");
    }

    @Test
    void a_hundred_texts_of_a_blocked_person_are_kept_in_a_day() {
        Connection connection = run.connected(SAM, echo);
        run.rules.create(echo, SAM, Direction.INBOUND, Rule.Action.BLOCK);
        IntStream.range(0, 100).forEach(at -> run.hears(connection, "let me in " + at));

        assertThat(run.received(SAM, connection.line(), "one too many")).isEqualTo(new ReceiveOutcome.Bounded());

        run.clock.advance(Duration.ofHours(25));
        assertThat(run.hears(connection, "the next day").marks().blocked()).isTrue();
        assertThat(run.list(run.admin).getFirst().preview().total()).isEqualTo(101);
    }

    @Test
    void an_erased_person_leaves_nothing_and_others_keep_what_they_have() {
        talking();
        IdempotencyKey key = new IdempotencyKey("send", "k-1");
        Message message = ((SendOutcome.Queued) run.send(run.admin, toSam(), "hello", Optional.of(key))).message();
        run.reaches(message, Status.ACCEPTED);
        run.reacts(message, "like", false);
        Message ofEve = run.hears(run.connected(EVE, echo), "hi");
        assertThat(run.rows(SAM)).containsEntry("message", 2).containsEntry("tapback", 1);

        run.erase(SAM);

        assertThat(run.rows(SAM).values()).containsOnly(0);
        assertThat(run.messages(run.admin)).containsExactly(ofEve);
        assertThat(run.list(run.admin)).extracting(Conversation::person).containsExactly(EVE);
        assertThat(run.events(echo)).containsExactly("imessage.received");
        assertThat(run.conversations.sent(run.admin, echo.id(), key)).isEmpty();
        assertThat(run.told(message, Kind.SENT)).isFalse();
    }

    /// Sam is connected with @echo and has written, so that it may answer.
    private Connection talking() {
        Connection connection = run.connected(SAM, echo);
        run.hears(connection, "hi");
        return connection;
    }

    private Recipient toSam() {
        return new Recipient.Person(SAM, Optional.of(echo.id()));
    }

    private Message queued(String text) {
        return ((SendOutcome.Queued) run.send(run.admin, toSam(), text)).message();
    }

    private List<Message> page(Optional<Id> before, int limit, int offset) {
        return run.conversations
                .messages(run.admin, ConversationsRun.filter(before, limit, offset))
                .rows();
    }
}
