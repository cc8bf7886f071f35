package partyline.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.conversations.ConversationsRun.EVE;
import static partyline.conversations.ConversationsRun.SAM;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.conversations.SearchIndex.Batch;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.Tx;
import partyline.rules.Direction;
import partyline.rules.Rule;
import partyline.testkit.Seeds;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextUnsent;

/// What Sam and Eve wrote to the agents @echo and @other of one organization, before it is in the index and after.
class MessageSearchTest {

    private static final TimeRange EVER = new TimeRange(Optional.empty(), Optional.empty());

    @TempDir
    private Path folder;

    private ConversationsRun run;
    private MessageSearch search;
    private Identity echo;
    private Identity other;

    @BeforeEach
    void begin() {
        open();
        echo = run.agent("echo");
        other = run.agent("other");
    }

    @AfterEach
    void end() {
        search.close();
        run.close();
    }

    @Test
    void what_was_said_is_found_newest_first_at_once_and_from_the_index() {
        Connection sam = run.connected(SAM, echo);
        run.hears(sam, "Meet me in Zanzibar");
        run.hears(sam, "or in Kilimanjaro");
        run.hears(sam, "ZANZIBAR it is, meet me");

        bothWays(() -> {
            assertThat(found(run.scoped(echo), "zanzibar meet"))
                    .containsExactly("ZANZIBAR it is, meet me", "Meet me in Zanzibar");
            assertThat(found(run.admin, "kili")).containsExactly("or in Kilimanjaro");
            assertThat(found(run.admin, "kili in")).isEmpty();
        });
    }

    @Test
    void nobody_finds_what_is_not_theirs_and_agents_find_nothing_that_is_hidden_from_them() {
        run.hears(run.connected(SAM, echo), "to echo");
        Connection eve = run.connected(EVE, other);
        run.hears(eve, "to other");
        run.rules.create(other, EVE, Direction.BOTH, Rule.Action.BLOCK);
        run.hears(eve, "blocked to other");

        bothWays(() -> {
            assertThat(found(run.scoped(echo), "to")).containsExactly("to echo");
            assertThat(found(run.scoped(other), "to")).containsExactly("to other");
            assertThat(found(run.admin, "to")).containsExactly("blocked to other", "to other", "to echo");
            assertThat(found(run.admin, filter(it -> it.blocked = Optional.of(true)), "to"))
                    .containsExactly("blocked to other");
            assertThat(found(run.admin, filter(it -> it.blocked = Optional.of(false)), "to"))
                    .containsExactly("to other", "to echo");
            assertThat(found(run.scoped(other), filter(it -> it.blocked = Optional.of(true)), "to"))
                    .isEmpty();
            assertThat(found(run.stranger(), "to")).isEmpty();
        });
    }

    @Test
    void a_search_is_narrowed_and_turned_page_by_page() {
        Connection sam = run.connected(SAM, echo);
        Connection eve = run.connected(EVE, echo);
        run.hears(run.connected(SAM, other), "tea 0");
        IntStream.rangeClosed(1, 6).forEach(at -> run.hears(at % 2 == 0 ? eve : sam, "tea " + at));
        Id ofEve = run.messages(run.admin).getFirst().place().conversation();

        bothWays(() -> {
            assertThat(found(run.admin, filter(it -> it.conversation = Optional.of(ofEve)), "tea"))
                    .containsExactly("tea 6", "tea 4", "tea 2");
            assertThat(found(run.admin, filter(it -> it.identity = Optional.of(other.id())), "tea"))
                    .containsExactly("tea 0");
            assertThat(found(run.admin, filter(it -> it.read = Optional.of(true)), "tea"))
                    .isEmpty();
            List<String> turned = new ArrayList<>();
            Optional<Id> before = Optional.empty();
            for (int page = 0; page < 4; page++) {
                Optional<Id> cursor = before;
                List<SearchHit> hits = hits(
                        run.admin,
                        filter(it -> {
                            it.before = cursor;
                            it.limit = 2;
                        }),
                        "tea");
                hits.forEach(hit -> turned.add(text(hit)));
                before = Optional.of(hits.getLast().message().id());
            }
            assertThat(turned).containsExactly("tea 6", "tea 5", "tea 4", "tea 3", "tea 2", "tea 1", "tea 0");
        });
    }

    @Test
    void a_page_ends_before_its_texts_grow_large_and_the_next_goes_on_behind_it() {
        Connection sam = run.connected(SAM, echo);
        List<Id> said = IntStream.range(0, 32)
                .mapToObj(_ -> run.hears(sam, "tea " + "x".repeat(18_000)).id())
                .toList()
                .reversed();
        SearchQuery tea = SearchQuery.of("tea").orElseThrow();

        bothWays(() -> {
            var all = ConversationsRun.filter(Optional.empty(), 200, 0);
            var first = (SearchOutcome.Found) search.search(run.admin, all, tea);
            var rest = ConversationsRun.filter(
                    Optional.of(first.hits().getLast().message().id()), 200, 0);
            var second = (SearchOutcome.Found) search.search(run.admin, rest, tea);

            assertThat(first.hits()).extracting(it -> it.message().id()).isEqualTo(said.subList(0, 30));
            assertThat(first.more()).isTrue();
            assertThat(second.hits()).extracting(it -> it.message().id()).isEqualTo(said.subList(30, 32));
            assertThat(second.more()).isFalse();
            Page<Message> listed = run.conversations.messages(run.admin, all);
            assertThat(listed.rows()).extracting(Message::id).isEqualTo(said.subList(0, 30));
            assertThat(listed.more()).isTrue();
            assertThat(run.conversations.messages(run.admin, rest).more()).isFalse();
        });
    }

    @Test
    void what_was_changed_or_taken_back_is_not_found_by_what_it_said() {
        Connection sam = run.connected(SAM, echo);
        Message first = run.hears(sam, "meet in Zanzibar");
        Message second = run.hears(sam, "secret Zanzibar");
        index();

        run.database.update(tx -> {
            edit(first, "meet in Dodoma", tx);
            edit(first, "meet in Arusha", tx);
            run.conversations.unsent(
                    tx, new TextUnsent(sam.line(), SAM, run.clock.instant(), "unsend", providerId(tx, second)));
        });

        assertThat(found(run.admin, "zanzibar")).isEmpty();
        assertThat(found(run.admin, "dodoma")).isEmpty();
        assertThat(found(run.admin, "arusha")).containsExactly("meet in Arusha");
        assertThat(found(run.admin, "secret")).isEmpty();
    }

    @Test
    void a_batch_that_was_read_before_a_change_is_not_added_and_the_next_has_what_it_says_now() {
        Message message = run.hears(run.connected(SAM, echo), "Zanzibar");
        SearchIndex tables = new SearchIndex();
        run.database.update(tx -> tables.searched(tx, run.admin.organization(), run.clock.instant()));
        Batch early = run.database.read(handle -> tables.next(handle, run.admin.organization()));
        run.database.update(tx -> edit(message, "Arusha", tx));

        run.database.update(tx -> tables.add(tx, run.admin.organization(), early));

        bothWays(() -> {
            assertThat(found(run.admin, "zanzibar")).isEmpty();
            assertThat(found(run.admin, "arusha")).containsExactly("Arusha");
        });
        assertThat(words("anzibar")).isZero();
    }

    @Test
    void what_was_taken_out_leaves_the_index_for_good_with_the_next_purge() {
        Connection sam = run.connected(SAM, echo);
        Message message = run.hears(sam, "Zanzibar");
        index();
        for (int at = 0; at < 40; at++) {
            run.hears(sam, "tea number " + at);
            search.look();
        }
        run.database.update(tx -> edit(message, "Arusha", tx));
        assertThat(words("anzibar")).as("it would prove nothing").isPositive();

        search.purge();

        assertThat(words("anzibar")).isZero();
        assertThat(found(run.admin, "arusha")).hasSize(1);
        assertThat(found(run.admin, "tea number")).hasSize(40);
        assertThat(run.database.read(new SearchIndex()::unclean)).isEmpty();
    }

    @Test
    void what_was_emptied_for_its_age_is_found_no_more_and_leaves_the_index() {
        run.hears(run.connected(SAM, echo), "Zanzibar");
        index();
        run.clock.advance(Duration.ofDays(8));
        run.hears(run.connected(EVE, echo), "Arusha");
        index();

        try (MessageRetention retention = new MessageRetention(run.storage, Duration.ofDays(7))) {
            assertThat(retention.run()).isOne();
        }

        assertThat(found(run.admin, "zanzibar")).isEmpty();
        assertThat(found(run.admin, "arusha")).hasSize(1);
        search.purge();
        assertThat(words("anzibar")).isZero();
    }

    @Test
    void an_erased_person_is_found_no_more_no_word_of_theirs_is_left_and_others_are_found() {
        Connection sam = run.connected(SAM, echo);
        Connection eve = run.connected(EVE, echo);
        run.hears(eve, "tea before");
        Message changed = run.hears(sam, "Kilimanjaro");
        for (int at = 0; at < 40; at++) {
            run.hears(sam, "Zanzibar " + at);
            index();
        }
        run.database.update(tx -> edit(changed, "Arusha", tx));
        assertThat(words("anzibar")).as("it would prove nothing").isPositive();

        run.erase(SAM);

        assertThat(words("anzibar") + words("ilimanjaro") + words("arusha")).isZero();
        assertThat(found(run.admin, "zanzibar")).isEmpty();
        run.hears(eve, "tea after");
        bothWays(() -> assertThat(found(run.admin, "tea")).containsExactly("tea after", "tea before"));
    }

    @Test
    void the_index_goes_on_where_it_was_after_a_restart() {
        Connection sam = run.connected(SAM, echo);
        run.hears(sam, "tea before");
        index();
        end();
        open();

        assertThat(words("before")).isPositive();
        run.hears(sam, "tea after");

        bothWays(() -> assertThat(found(run.admin, "tea")).containsExactly("tea after", "tea before"));
    }

    @Test
    void what_a_database_of_before_the_index_had_is_found_after_its_upgrade() throws SQLException {
        Connection sam = run.connected(SAM, echo);
        IntStream.range(0, 600).forEach(at -> run.hears(sam, "tea " + at));
        end();
        withoutIndex();
        open();

        assertThat(found(run.admin, "\"tea 0\"")).containsExactly("tea 0");
        index();
        assertThat(words("tea")).isPositive();
        assertThat(found(run.admin, "\"tea 0\"")).containsExactly("tea 0");
        assertThat(found(run.admin, "\"tea 599\"")).containsExactly("tea 599");
        assertThat(found(run.admin, "tea")).hasSize(50);
    }

    @Test
    void who_never_searches_has_no_index() {
        run.hears(run.connected(SAM, echo), "Zanzibar");
        search.look();

        assertThat(words("anzibar")).isZero();
    }

    @Test
    void what_is_too_much_to_look_through_is_indexed_first_or_else_said_to_be_missing() {
        Connection sam = run.connected(SAM, echo);
        IntStream.range(0, 5).forEach(at -> run.hears(sam, "tea " + at));
        SearchQuery first = SearchQuery.of("\"tea 0\"").orElseThrow();

        try (MessageSearch hasty = new MessageSearch(run.storage, new MessageSearch.Limits(300, Duration.ZERO))) {
            assertThat(hasty.search(run.admin, ConversationsRun.filter(Optional.empty(), 50, 0), first))
                    .isEqualTo(new SearchOutcome.NotIndexed(0));
            assertThat(hasty.search(
                            run.admin,
                            ConversationsRun.filter(Optional.empty(), 2, 0),
                            SearchQuery.of("tea").orElseThrow()))
                    .as("a page that is full is whole")
                    .isInstanceOf(SearchOutcome.Found.class);
        }
        try (MessageSearch patient =
                new MessageSearch(run.storage, new MessageSearch.Limits(300, Duration.ofMinutes(1)))) {
            assertThat(patient.search(run.admin, ConversationsRun.filter(Optional.empty(), 50, 0), first))
                    .isInstanceOfSatisfying(
                            SearchOutcome.Found.class,
                            it -> assertThat(it.hits()).hasSize(1));
        }
    }

    @Test
    void the_index_finds_just_what_a_look_at_each_text_finds() {
        List<String> parts = List.of(
                "tea", "Tea", "te", "é", "e", " ", " ", " ", "-", "\"", "*", "東", "京", "都", "👍", "3", "'", ":", "@",
                "!");
        Connection sam = run.connected(SAM, echo);
        Connection eve = run.connected(EVE, other);
        Random random = new Random(1);
        for (int at = 0; at < 300; at++) {
            run.hears(at % 3 == 0 ? eve : sam, "t" + Seeds.text(random, 12, parts));
        }
        List<String> queries = IntStream.range(0, 300)
                .mapToObj(_ -> Seeds.text(random, 6, parts).strip())
                .filter(query -> SearchQuery.of(query).isPresent())
                .toList();
        MessageFilter all = filter(it -> it.limit = 1_000);
        List<List<String>> before =
                queries.stream().map(query -> found(run.admin, all, query)).toList();

        index();

        assertThat(before.stream().filter(it -> !it.isEmpty())).hasSizeGreaterThan(50);
        for (int at = 0; at < queries.size(); at++) {
            assertThat(found(run.admin, all, queries.get(at)))
                    .as(queries.get(at))
                    .isEqualTo(before.get(at));
        }
    }

    private void open() {
        run = ConversationsRun.open(folder, new Conversations.Limits(0, 0));
        search = new MessageSearch(run.storage);
    }

    /// Lets the organization have an index of all that there is.
    private void index() {
        found(run.admin, "anything");
        search.look();
        assertThat(run.database
                        .read(handle -> new SearchIndex().next(handle, run.admin.organization()))
                        .entries())
                .isEmpty();
    }

    private void bothWays(Runnable check) {
        check.run();
        index();
        check.run();
    }

    private List<String> found(Caller caller, String query) {
        return found(caller, ConversationsRun.filter(Optional.empty(), 50, 0), query);
    }

    private List<String> found(Caller caller, MessageFilter filter, String query) {
        return hits(caller, filter, query).stream().map(MessageSearchTest::text).toList();
    }

    private List<SearchHit> hits(Caller caller, MessageFilter filter, String query) {
        SearchOutcome outcome =
                search.search(caller, filter, SearchQuery.of(query).orElseThrow());
        return ((SearchOutcome.Found) outcome).hits();
    }

    private static String text(SearchHit hit) {
        return hit.message().content().text();
    }

    /// How many blocks of the index have these letters, which must begin no word that begins like another.
    private int words(String letters) {
        return run.database.read(handle -> handle.createQuery(
                        "SELECT count(*) FROM message_search_data WHERE instr(block, CAST(:letters AS BLOB)) > 0")
                .bind("letters", letters)
                .mapTo(int.class)
                .one());
    }

    private void edit(Message message, String text, Tx tx) {
        run.clock.advance(Duration.ofSeconds(1));
        run.conversations.edited(
                tx,
                new TextEdited(
                        message.place().line(),
                        message.place().person(),
                        run.clock.instant(),
                        "edit " + text,
                        providerId(tx, message),
                        text));
    }

    private static String providerId(Tx tx, Message message) {
        return new MessageStore().providerId(tx.handle(), message.id()).orElseThrow();
    }

    /// Makes the database one of before there was an index.
    private void withoutIndex() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("test.db"));
                var statement = connection.createStatement()) {
            for (String table : List.of("message_search", "search_progress", "search_identity")) {
                statement.execute("DROP TABLE " + table);
            }
            statement.execute("DROP INDEX conversation_person");
            statement.execute("ALTER TABLE message DROP COLUMN by_admin");
            statement.execute("ALTER TABLE media DROP COLUMN title");
            statement.execute("ALTER TABLE awaited_file DROP COLUMN media_name");
            statement.execute("DROP TABLE router_stranger");
            int version = statement.executeQuery("PRAGMA user_version").getInt(1);
            statement.execute("PRAGMA user_version = " + (version - 5));
        }
    }

    private static final class Wish {
        private Optional<Id> identity = Optional.empty();
        private Optional<Id> conversation = Optional.empty();
        private Optional<Boolean> read = Optional.empty();
        private Optional<Boolean> blocked = Optional.empty();
        private Optional<Id> before = Optional.empty();
        private int limit = 50;
    }

    private static MessageFilter filter(Consumer<Wish> change) {
        Wish wish = new Wish();
        change.accept(wish);
        return new MessageFilter(
                wish.identity, wish.conversation, wish.read, wish.blocked, EVER, wish.before, wish.limit, 0);
    }
}
