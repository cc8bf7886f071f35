package partyline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.router.RouterRun.ROUTER;
import static partyline.router.RouterRun.SAM;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.identities.FilterMode;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.FilterModes.Channel;
import partyline.rules.Direction;
import partyline.rules.Rule;
import partyline.transport.InboundEvent.TextReceived;

/// What the router's answer costs tells nobody whether an agent exists, is switched off, or has shut them out: it is
/// the same statements in the same order, whatever a clock would show.
class RouterWorkTest {

    @TempDir
    private Path folder;

    private final List<String> statements = new ArrayList<>();
    private RouterRun run;

    @BeforeEach
    void begin() {
        run = new RouterRun(folder);
        run.agent("sleeping-agent", false);
        run.rules.create(run.agent("blocking-agent"), SAM, Direction.BOTH, Rule.Action.BLOCK);
        run.rules.create(run.agent("mute-agent"), SAM, Direction.OUTBOUND, Rule.Action.BLOCK);
        run.rules.create(run.agent("deaf-agent"), SAM, Direction.INBOUND, Rule.Action.BLOCK);
        FilterModes modes = new FilterModes(Channel.both(FilterMode.WHITELIST), Channel.both(FilterMode.BLACKLIST));
        run.identities.update(
                run.admin,
                run.agent("whitelist-agent").handle(),
                it -> it.with(it.handle(), it.profile(), true, modes));
        run.database.update(tx -> tx.handle().getConfig(SqlStatements.class).setSqlLogger(new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
                statements.add(context.getRenderedSql());
            }
        }));
    }

    @AfterEach
    void end() {
        run.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"connect @%s", "disconnect @%s", "replace @%s @nobody-either", "replace @nobody-either @%s"})
    void unknown_switched_off_blocked_and_closed_agents_cost_the_same(String command) {
        List<String> unknown = work(command.formatted("unknown-agent"));

        assertThat(unknown).hasSizeGreaterThan(2);
        for (String handle :
                List.of("sleeping-agent", "blocking-agent", "mute-agent", "deaf-agent", "whitelist-agent")) {
            assertThat(work(command.formatted(handle))).as(handle).isEqualTo(unknown);
        }
    }

    /// The statements that one text costs.
    private List<String> work(String text) {
        statements.clear();
        TextReceived received = run.received(SAM, ROUTER, text);
        run.database.update(tx -> run.router.handle(tx, received));
        return List.copyOf(statements);
    }
}
