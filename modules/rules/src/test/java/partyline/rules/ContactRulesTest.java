package partyline.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.rules.Direction.BOTH;
import static partyline.rules.Direction.INBOUND;
import static partyline.rules.Direction.OUTBOUND;
import static partyline.rules.Rule.Action.ALLOW;
import static partyline.rules.Rule.Action.BLOCK;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.identities.Caller;
import partyline.identities.FilterMode;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.FilterModes.Channel;
import partyline.identities.Identity.Profile;
import partyline.identities.Organization;
import partyline.identities.Organizations;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.rules.ContactPolicy.Decision;
import partyline.rules.Rules.Change;
import partyline.rules.Rules.CreateOutcome;
import partyline.rules.Rules.UpdateOutcome;
import partyline.testkit.Seeds;

/// Rules in two directions: what becomes of them when they part and meet, and what they come to.
class ContactRulesTest {

    private static final PhoneNumber SAM = new PhoneNumber("+12025550140");
    private static final PhoneNumber EVE = new PhoneNumber("+12025550141");
    private static final List<Direction> DIRECTIONS = List.of(Direction.values());
    private static final List<Direction> SIDES = BOTH.sides();
    private static final List<Rule.Action> ACTIONS = List.of(Rule.Action.values());

    @TempDir
    private Path folder;

    private Optional<Database> open = Optional.empty();
    private Rules rules;
    private ContactPolicy policy;
    private Identities identities;
    private Caller admin;
    private Identity echo;

    /// What a side says in the model.
    private record Said(Rule.Action action, boolean paused) {}

    @BeforeEach
    void begin() {
        InstantSource clock = InstantSource.system();
        Ids ids = new Ids(clock);
        Database database = Database.open(folder.resolve("test.db"));
        open = Optional.of(database);
        Organization acme = database.write(tx -> new Organizations(database, clock).create(tx, "acme"));
        identities = new Identities(database, ids, clock);
        rules = new Rules(new Storage(database, new Journal(ids, clock), ids, clock), 2);
        policy = new ContactPolicy(identities);
        admin = new Caller(acme.id(), Optional.empty(), true, "ApiKey_of_an_admin");
        echo = agent("echo", FilterModes.DEFAULT);
    }

    @AfterEach
    void end() {
        open.ifPresent(Database::close);
    }

    @Test
    void an_exact_rule_beats_the_mode_of_its_side_in_either_mode() {
        Identity open = agent("open", FilterModes.DEFAULT);
        Identity closed = agent("closed", modes(FilterMode.WHITELIST, FilterMode.WHITELIST));
        Identity mute = agent("mute", modes(FilterMode.BLACKLIST, FilterMode.WHITELIST));
        Rule block = made(rules.create(open, SAM, INBOUND, BLOCK));
        Rule shut = made(rules.create(closed, SAM, OUTBOUND, BLOCK));
        Rule let = made(rules.create(closed, EVE, OUTBOUND, ALLOW));

        assertThat(decide(open, SAM, INBOUND)).isEqualTo(new Decision.Blocked(open, Optional.of(block.id()), false));
        assertThat(decide(open, SAM, OUTBOUND)).isEqualTo(new Decision.Allowed(open, Optional.empty()));
        assertThat(decide(open, SAM, BOTH)).isEqualTo(new Decision.Blocked(open, Optional.of(block.id()), false));
        assertThat(decide(open, EVE, BOTH)).isEqualTo(new Decision.Allowed(open, Optional.empty()));
        assertThat(decide(closed, SAM, OUTBOUND))
                .isEqualTo(new Decision.Blocked(closed, Optional.of(shut.id()), false));
        assertThat(decide(closed, EVE, OUTBOUND)).isEqualTo(new Decision.Allowed(closed, Optional.of(let.id())));
        assertThat(decide(closed, EVE, INBOUND)).isEqualTo(new Decision.Blocked(closed, Optional.empty(), false));
        assertThat(decide(closed, EVE, BOTH)).isEqualTo(new Decision.Blocked(closed, Optional.empty(), false));
        assertThat(decide(mute, SAM, INBOUND)).isEqualTo(new Decision.Allowed(mute, Optional.empty()));
        assertThat(decide(mute, SAM, OUTBOUND)).isEqualTo(new Decision.Blocked(mute, Optional.empty(), false));
    }

    @Test
    void a_hidden_number_is_denied_both_ways_and_is_in_no_list_and_its_rules_come_back_with_it() {
        Rule allow = made(rules.create(echo, SAM, BOTH, ALLOW));

        hide(SAM, true);
        hide(EVE, true);

        assertThat(decide(echo, SAM, INBOUND)).isEqualTo(new Decision.Blocked(echo, Optional.empty(), true));
        assertThat(decide(echo, EVE, OUTBOUND)).isEqualTo(new Decision.Blocked(echo, Optional.empty(), true));
        assertThat(list(Optional.empty())).containsExactly(allow);
        assertThat(choices(SAM).hidden()).isTrue();
        assertThat(choices(SAM).permits(echo, BOTH)).isTrue();
        Rule hers = made(rules.create(echo, EVE, INBOUND, ALLOW));
        assertThat(hers.direction()).isEqualTo(INBOUND);
        assertThat(decide(echo, EVE, INBOUND)).isInstanceOf(Decision.Blocked.class);
        assertThat(rules.delete(admin, echo, allow.id())).isTrue();
        assertThat(choices(SAM).hidden()).isTrue();

        hide(SAM, false);
        hide(EVE, false);

        assertThat(decide(echo, SAM, BOTH)).isEqualTo(new Decision.Allowed(echo, Optional.empty()));
        assertThat(decide(echo, EVE, BOTH)).isEqualTo(new Decision.Allowed(echo, Optional.of(hers.id())));
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void an_identity_has_rules_for_so_many_numbers_and_may_change_those_it_has() {
        made(rules.create(echo, SAM, INBOUND, ALLOW));
        hide(new PhoneNumber("+12025550150"), true);
        assertThat(choose(EVE, OUTBOUND, Optional.of(BLOCK))).isTrue();

        PhoneNumber third = new PhoneNumber("+12025550142");
        assertThat(rules.create(echo, third, BOTH, BLOCK)).isEqualTo(new CreateOutcome.QuotaExceeded());
        assertThat(choose(third, INBOUND, Optional.of(BLOCK))).isFalse();
        assertThat(choices(third).action(INBOUND)).isEmpty();
        assertThat(hasRoom(SAM, EVE, SAM)).isTrue();
        assertThat(hasRoom(SAM, third)).isFalse();

        made(rules.create(echo, SAM, OUTBOUND, BLOCK));
        assertThat(choose(EVE, BOTH, Optional.empty())).isTrue();
        assertThat(choose(third, INBOUND, Optional.of(BLOCK))).isTrue();
    }

    @Test
    void other_organizations_and_other_agents_neither_see_nor_change_a_rule() {
        Rule rule = made(rules.create(echo, SAM, BOTH, BLOCK));
        Identity sibling = agent("sibling", FilterModes.DEFAULT);
        Organization other = open.orElseThrow()
                .write(tx -> new Organizations(open.orElseThrow(), InstantSource.system()).create(tx, "other"));
        Caller stranger = new Caller(other.id(), Optional.empty(), false, "ApiKey_of_a_stranger");
        Caller itself = new Caller(admin.organization(), Optional.of(sibling.id()), true, "ApiKey_of_an_agent");
        Change allow = new Change(Optional.of(ALLOW), Optional.empty(), Optional.empty(), Optional.empty());

        for (Caller caller : List.of(stranger, itself)) {
            assertThat(rules.find(caller, echo.id(), rule.id())).isEmpty();
            assertThat(rules.update(caller, echo, rule.id(), allow)).isEqualTo(new UpdateOutcome.NotFound());
            assertThat(rules.delete(caller, echo, rule.id())).isFalse();
        }
        assertThat(rules.find(admin, sibling.id(), rule.id())).isEmpty();
        assertThat(rules.find(admin, echo.id(), rule.id())).contains(rule);
    }

    @Test
    void former_ids_are_kept_up_to_a_bound_and_go_with_their_rule() {
        Rule rule = made(rules.create(echo, SAM, BOTH, ALLOW));
        Set<Id> former = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            updated(rules.update(admin, echo, rule.id(), only(INBOUND, BLOCK)));
            former.add(list(Optional.of(OUTBOUND)).getFirst().id());
            assertThat(updated(rules.update(admin, echo, rule.id(), only(INBOUND, ALLOW)))
                            .id())
                    .isEqualTo(rule.id());
        }

        assertThat(former)
                .filteredOn(id -> rules.find(admin, echo.id(), id).isPresent())
                .hasSize(20);

        assertThat(rules.delete(admin, echo, rule.id())).isTrue();
        assertThat(former).allMatch(id -> rules.find(admin, echo.id(), id).isEmpty());
        assertThat(rows()).isZero();
    }

    @Test
    void whatever_is_done_in_whatever_order_the_rules_are_what_a_plain_model_says() {
        Seeds.each(60, random -> {
            Identity agent = agent("agent-" + random.nextLong(1L << 40), FilterModes.DEFAULT);
            Map<Direction, Said> model = new EnumMap<>(Direction.class);
            for (int step = 0; step < 40; step++) {
                List<Rule> before = all(agent);
                Set<Id> lost = step(random, agent, model);
                check(agent, model);
                before.stream()
                        .map(Rule::id)
                        .filter(id -> !lost.contains(id))
                        .forEach(id ->
                                assertThat(rules.find(admin, agent.id(), id)).isPresent());
            }
            assertThat(rules.delete(admin, agent, new Id(new UUID(1, 1)))).isFalse();
            open.orElseThrow().update(tx -> rules.deleteAll(tx, agent.id()));
        });
    }

    /// Does something, to the agent and to the model; returns the rules that may be gone.
    private Set<Id> step(Random random, Identity agent, Map<Direction, Said> model) {
        Direction direction = Seeds.oneOf(random, DIRECTIONS);
        Rule.Action action = Seeds.oneOf(random, ACTIONS);
        List<Rule> there = all(agent);
        int kind = random.nextInt(there.isEmpty() ? 2 : 7);
        if (kind == 0) {
            create(agent, direction, action, model);
            return Set.of();
        }
        if (kind == 1) {
            Optional<Rule.Action> wish = random.nextInt(3) == 0 ? Optional.empty() : Optional.of(action);
            open.orElseThrow().update(tx -> rules.choose(tx, agent, SAM, direction, wish));
            direction.sides().forEach(side -> {
                wish.ifPresentOrElse(it -> model.put(side, new Said(it, false)), () -> model.remove(side));
            });
            return wish.isPresent()
                    ? Set.of()
                    : Set.copyOf(there.stream().map(Rule::id).toList());
        }
        Rule rule = Seeds.oneOf(random, there);
        Optional<Boolean> paused = kind == 2 ? Optional.of(random.nextBoolean()) : Optional.empty();
        switch (kind) {
            case 2, 3 -> {
                Optional<Rule.Action> wish = kind == 2 ? Optional.empty() : Optional.of(action);
                Said said = new Said(wish.orElse(rule.action()), paused.orElse(rule.paused()));
                Change change = new Change(wish, Optional.empty(), Optional.empty(), paused);
                answers(agent, rule, rules.update(admin, agent, rule.id(), change));
                rule.direction().sides().forEach(side -> model.put(side, said));
            }
            case 4 -> onlyOneSide(agent, rule, Seeds.oneOf(random, SIDES), action, model);
            case 5 -> direct(agent, rule, direction, random.nextBoolean() ? action : rule.action(), model);
            default -> {
                assertThat(rules.delete(admin, agent, rule.id())).isTrue();
                rule.direction().sides().forEach(model::remove);
                return Set.of(rule.id());
            }
        }
        return Set.of();
    }

    private void create(Identity agent, Direction direction, Rule.Action action, Map<Direction, Said> model) {
        List<Said> there = direction.sides().stream()
                .filter(model::containsKey)
                .map(model::get)
                .toList();
        boolean free = there.size() < direction.sides().size();
        boolean fits = free && there.stream().allMatch(new Said(action, false)::equals);
        CreateOutcome outcome = rules.create(agent, SAM, direction, action);
        if (fits) {
            assertThat(made(outcome).direction().covers(direction)).isTrue();
            direction.sides().forEach(side -> model.put(side, new Said(action, false)));
        } else {
            assertThat(outcome).isInstanceOf(CreateOutcome.Duplicate.class);
        }
    }

    private void onlyOneSide(
            Identity agent, Rule rule, Direction side, Rule.Action action, Map<Direction, Said> model) {
        UpdateOutcome outcome = rules.update(admin, agent, rule.id(), only(side, action));
        if (!rule.direction().covers(side)) {
            assertThat(outcome).isEqualTo(new UpdateOutcome.NotCovered());
            return;
        }
        answers(agent, rule, outcome);
        model.put(side, new Said(action, rule.paused()));
    }

    private void direct(
            Identity agent, Rule rule, Direction direction, Rule.Action action, Map<Direction, Said> model) {
        Said said = new Said(action, rule.paused());
        boolean hindered = direction.sides().stream()
                .anyMatch(side -> !rule.direction().covers(side)
                        && model.containsKey(side)
                        && !model.get(side).equals(said));
        Change change = new Change(Optional.of(action), Optional.of(direction), Optional.empty(), Optional.empty());
        UpdateOutcome outcome = rules.update(admin, agent, rule.id(), change);
        if (hindered) {
            assertThat(outcome).isInstanceOf(UpdateOutcome.Overlaps.class);
            return;
        }
        answers(agent, rule, outcome);
        rule.direction().sides().forEach(model::remove);
        direction.sides().forEach(side -> model.put(side, said));
    }

    /// The answer is what the id that was named means from now on.
    private void answers(Identity agent, Rule named, UpdateOutcome outcome) {
        assertThat(rules.find(admin, agent.id(), named.id())).contains(updated(outcome));
    }

    /// The list, each rule alone, the verdicts and the choices all say what the model says.
    private void check(Identity agent, Map<Direction, Said> model) {
        List<Rule> there = all(agent);
        boolean one = model.size() == 2 && model.get(INBOUND).equals(model.get(OUTBOUND));
        assertThat(there).hasSize(one ? 1 : model.size());
        for (Rule rule : there) {
            assertThat(rules.find(admin, agent.id(), rule.id())).contains(rule);
            rule.direction()
                    .sides()
                    .forEach(side -> assertThat(model.get(side)).isEqualTo(new Said(rule.action(), rule.paused())));
        }
        Choices choices = open.orElseThrow().read(handle -> rules.choices(handle, agent.id(), SAM));
        for (Direction side : SIDES) {
            Optional<Rule.Action> active = Optional.ofNullable(model.get(side))
                    .filter(it -> !it.paused())
                    .map(Said::action);
            assertThat(choices.action(side)).isEqualTo(active);
            assertThat(decide(agent, SAM, side) instanceof Decision.Allowed)
                    .isEqualTo(!active.equals(Optional.of(BLOCK)));
        }
    }

    private List<Rule> all(Identity agent) {
        return rules.list(admin, new Rules.Filter(Optional.of(agent.id()), Optional.empty(), Optional.empty(), 50, 0));
    }

    private List<Rule> list(Optional<Direction> direction) {
        return rules.list(admin, new Rules.Filter(Optional.of(echo.id()), Optional.empty(), direction, 50, 0));
    }

    private static Change only(Direction side, Rule.Action action) {
        return new Change(Optional.of(action), Optional.empty(), Optional.of(side), Optional.empty());
    }

    /// What the policy decides, the same in a write, in a read and for a call.
    private Decision decide(Identity agent, PhoneNumber person, Direction direction) {
        Database database = open.orElseThrow();
        Decision writing = database.write(tx -> policy.decide(tx, agent, person, direction));
        assertThat(database.<Decision>read(reader -> policy.decide(reader, admin, agent.id(), person, direction)))
                .isEqualTo(writing);
        boolean allowed = writing instanceof Decision.Allowed;
        assertThat(database.<Boolean>read(reader -> policy.allows(reader, agent, person, direction)))
                .isEqualTo(allowed);
        assertThat(database.<Boolean>write(tx -> policy.allows(tx, agent.id(), person, direction)))
                .isEqualTo(allowed);
        return writing;
    }

    private void hide(PhoneNumber number, boolean hidden) {
        open.orElseThrow().update(tx -> {
            if (hidden) {
                rules.hide(tx, echo.organization(), List.of(echo.id()), List.of(number));
            } else {
                Rules.show(tx, List.of(echo.id()), List.of(number));
            }
        });
    }

    private boolean choose(PhoneNumber number, Direction direction, Optional<Rule.Action> action) {
        return open.orElseThrow().write(tx -> {
            boolean room = action.isEmpty() || rules.hasRoom(tx, echo.id(), List.of(number));
            if (room) {
                rules.choose(tx, echo, number, direction, action);
            }
            return room;
        });
    }

    private boolean hasRoom(PhoneNumber... numbers) {
        return open.orElseThrow().write(tx -> rules.hasRoom(tx, echo.id(), List.of(numbers)));
    }

    private Choices choices(PhoneNumber number) {
        return open.orElseThrow().read(handle -> rules.choices(handle, echo.id(), number));
    }

    private int rows() {
        return open.orElseThrow()
                .read(handle -> handle.createQuery(
                                "SELECT (SELECT count(*) FROM contact_rule) + (SELECT count(*) FROM contact_rule_alias)")
                        .mapTo(Integer.class)
                        .one());
    }

    private Identity agent(String handle, FilterModes modes) {
        identities.create(admin, new Handle(handle), new Profile(null, null), true, modes);
        return identities.find(admin, new Handle(handle)).orElseThrow();
    }

    private static FilterModes modes(FilterMode inbound, FilterMode outbound) {
        return new FilterModes(
                new Channel(inbound, outbound, FilterMode.BLACKLIST), Channel.both(FilterMode.BLACKLIST));
    }

    private static Rule made(CreateOutcome outcome) {
        return ((CreateOutcome.Created) outcome).rule();
    }

    private static Rule updated(UpdateOutcome outcome) {
        return ((UpdateOutcome.Updated) outcome).rule();
    }
}
