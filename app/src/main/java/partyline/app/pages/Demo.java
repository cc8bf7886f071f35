package partyline.app.pages;

import java.io.IOException;
import java.util.Optional;
import partyline.identities.ApiKeys;
import partyline.identities.Caller;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.NewKey;
import partyline.identities.Organization;
import partyline.kernel.Database;
import partyline.kernel.StartupFailure;

/// Sets up what `--demo` needs, which an operator would do by hand: the identity `@echo` and a key for it,
/// fresh at every start. From there the agent is on its own.
public final class Demo {

    private static final Handle ECHO = new Handle("echo");
    private static final String LABEL = "demo echo agent";

    private Demo() {}

    /// `owner` is whose it is, `base` the API's URL.
    public static EchoAgent start(
            Database database, Identities identities, ApiKeys keys, Organization owner, String base)
            throws IOException, InterruptedException {
        Caller operator = new Caller(owner.id(), Optional.empty(), true, LABEL);
        Identity echo = identities.find(operator, ECHO).orElseGet(() -> create(identities, operator));
        String key = database.write(tx -> {
            keys.revoke(tx, echo.id(), Optional.of(LABEL));
            return keys.mint(tx, echo, NewKey.labelled(LABEL)).text();
        });
        EchoAgent agent = new EchoAgent(base, key);
        agent.start(ECHO.text());
        return agent;
    }

    private static Identity create(Identities identities, Caller operator) {
        Identity.Profile profile = new Identity.Profile("Echo", "Repeats what you say.");
        return switch (identities.create(operator, ECHO, profile, true)) {
            case Identities.Outcome.Stored(var identity) -> identity;
            case Identities.Outcome.QuotaExceeded() ->
                throw new StartupFailure(
                        "There is no room for @echo: raise limits.identities, or start without --demo.");
            case Identities.Outcome.HandleTaken(), Identities.Outcome.NotFound() ->
                throw new StartupFailure("The handle @echo belongs to another organization: start without --demo.");
        };
    }
}
