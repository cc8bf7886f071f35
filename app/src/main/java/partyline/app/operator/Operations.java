package partyline.app.operator;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import partyline.identities.ApiKey;
import partyline.identities.ApiKeys;
import partyline.identities.Caller;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.NewKey;
import partyline.identities.Organization;
import partyline.identities.Organizations;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;

/// What the operator's commands do, the same in a running server and on a folder at rest. Thread-safe.
public final class Operations {

    /// What became of a command.
    public sealed interface Outcome {

        /// It is done; `text` is what the operator sees, to be closed when it was read.
        record Done(InputStream text) implements Outcome {

            private Done(String text) {
                this(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            }
        }

        /// Nothing changed; `sentence` says why and what to do.
        record Refused(String sentence) implements Outcome {}
    }

    private static final int LONGEST = 255;
    private static final String ONCE = "\nThis admin key is shown once: keep it. Send it as X-API-Key.";

    private final Database database;
    private final Organizations organizations;
    private final ApiKeys keys;
    private final PersonalData people;
    private final Quarantine quarantine;
    private final Tracing tracing;
    private final Identities identities;
    private final NextSteps next;

    public Operations(
            Database database,
            Organizations organizations,
            Identities identities,
            ApiKeys keys,
            PersonalData people,
            Quarantine quarantine,
            Tracing tracing,
            NextSteps next) {
        this.tracing = tracing;
        this.database = database;
        this.organizations = organizations;
        this.keys = keys;
        this.people = people;
        this.quarantine = quarantine;
        this.identities = identities;
        this.next = next;
    }

    /// The same on a folder at rest, whose server will have this router, where that is known.
    public Operations atRest(Optional<PhoneNumber> router) {
        return new Operations(
                database,
                organizations,
                identities,
                keys,
                people,
                quarantine,
                tracing,
                new NextSteps(Optional::empty, router));
    }

    /// Creates an organization with its first admin key.
    public Outcome createOrganization(String name) {
        if (wrong(name)) {
            return new Outcome.Refused("The organization's name must have 1 to 255 characters, all printable.");
        }
        return database.write(tx -> {
            Organization made = organizations.create(tx, name);
            ApiKey.Minted key = keys.mintAdmin(tx, made.id(), "first admin key");
            return new Outcome.Done("organization  " + made.id() + "\nadmin key     " + key.text() + "\n" + ONCE);
        });
    }

    /// Lists the organizations, oldest first.
    public Outcome organizations() {
        return lines(organizations.list().stream().map(Operations::line));
    }

    /// Makes an admin key.
    public Outcome createKey(String organization, String label) {
        if (wrong(label)) {
            return new Outcome.Refused("The label must have 1 to 255 characters, all printable.");
        }
        Outcome unknown = unknownOrganization(organization);
        Optional<OrganizationId> id = OrganizationId.tryParse(organization);
        if (id.isEmpty()) {
            return unknown;
        }
        return database.write(tx -> organizations
                .find(tx, id.get())
                .map(found -> keys.mintAdmin(tx, found.id(), label).text())
                .<Outcome>map(text -> new Outcome.Done("admin key     " + text + "\n" + ONCE))
                .orElse(unknown));
    }

    /// Lists the admin keys of every organization, never their secrets.
    public Outcome keys() {
        return lines(keys.admins().stream().map(Operations::line));
    }

    /// Ends an admin key.
    public Outcome revoke(String key) {
        return keys.revokeAdmin(key)
                .<Outcome>map(it -> new Outcome.Done("revoked       " + it.id()))
                .orElseGet(() -> new Outcome.Refused("There is no admin key with the id \"" + id(key)
                        + "\": \"admin-key list\" shows the ids, which end before the dot."));
    }

    /// A message's whole way.
    public Outcome trace(String message) {
        return Id.tryParse(message)
                .flatMap(tracing::of)
                .<Outcome>map(Outcome.Done::new)
                .orElseGet(() -> new Outcome.Refused("There is no message \"" + message
                        + "\": take the id that the API gives it, such as 0190c5d2-1111-7aaa-8bbb-222233334444."));
    }

    /// Creates an agent with its first key, in the operator's organization unless another is named. People may connect
    /// with it from then on.
    public Outcome createAgent(String handle, Optional<String> name, Optional<String> organization) {
        Optional<Handle> wish = Handle.parse(handle);
        if (wish.isEmpty()) {
            return noHandle(handle);
        }
        String shown = name.orElse(wish.get().text());
        if (wrong(shown) || !Identity.isName(shown)) {
            return new Outcome.Refused("The name must be one line of 1 to 255 characters, all printable.");
        }
        Optional<Organization> owner = organizations.list().stream()
                .filter(it -> organization.map(it.id().text()::equals).orElseGet(it::operator))
                .findFirst();
        if (owner.isEmpty()) {
            return unknownOrganization(organization.orElse(""));
        }
        Identity.Profile profile = new Identity.Profile(shown, null);
        return switch (identities.create(admin(owner.get()), wish.get(), profile, true)) {
            case Identities.Outcome.Stored(var agent) -> mint(agent, "first key", next::withAgent);
            case Identities.Outcome.HandleTaken() ->
                new Outcome.Refused("The handle " + wish.get() + " is taken: choose another one.");
            case Identities.Outcome.QuotaExceeded(), Identities.Outcome.NotFound() ->
                new Outcome.Refused("The organization has as many agents as it may have: raise limits.identities.");
        };
    }

    /// Lists the agents of every organization, the oldest of each first.
    public Outcome agents() {
        return lines(organizations.list().stream()
                .flatMap(it -> identities.list(admin(it), Integer.MAX_VALUE, 0).reversed().stream())
                .map(Operations::line));
    }

    /// Makes a key for an agent.
    public Outcome createAgentKey(String handle, String label) {
        if (wrong(label)) {
            return new Outcome.Refused("The label must have 1 to 255 characters, all printable.");
        }
        return Handle.parse(handle)
                .map(wish -> database.read(reader -> identities.find(reader, wish))
                        .map(agent -> mint(agent, label, next::withKey))
                        .orElseGet(() -> new Outcome.Refused(
                                "There is no agent " + wish + ": \"agent list\" shows the handles of all.")))
                .orElseGet(() -> noHandle(handle));
    }

    private Outcome mint(Identity agent, String label, BiFunction<Identity, String, String> told) {
        return switch (database.write(tx -> keys.mintWithinQuota(tx, agent, NewKey.labelled(label)))) {
            case ApiKeys.MintOutcome.Made(var minted) -> new Outcome.Done(told.apply(agent, minted.text()));
            case ApiKeys.MintOutcome.QuotaExceeded() ->
                new Outcome.Refused("The organization's agents have as many keys as they may have: revoke one"
                        + " (POST /api/v1/api-keys/KEYID/revoke), or raise limits.keys.");
        };
    }

    /// Everything that is kept about a person, as JSON.
    public Outcome export(String number) {
        return about(number, person -> new Outcome.Done(Channels.newInputStream(people.export(person))));
    }

    /// The id and the name of every file that the person sent, as JSON.
    public Outcome files(String number) {
        return about(number, person -> new Outcome.Done(Json.write(people.files(person))));
    }

    /// Forgets a person, or with `dryRun` only says what would go.
    public Outcome erase(String number, boolean dryRun) {
        return about(number, person -> new Outcome.Done(dryRun ? wouldErase(person) : erase(person)));
    }

    /// Ends the quarantine.
    public Outcome resume() {
        return quarantine.end()
                ? new Outcome.Done("resumed       what is owed goes out now, or at the next start")
                : new Outcome.Refused("This server is not in quarantine: nothing is held back.");
    }

    private static Caller admin(Organization organization) {
        return new Caller(organization.id(), Optional.empty(), organization.operator(), "");
    }

    private static Outcome unknownOrganization(String organization) {
        return new Outcome.Refused(
                "There is no organization \"" + organization + "\": \"org list\" shows the ids of all.");
    }

    private static Outcome noHandle(String text) {
        return new Outcome.Refused("\"" + text
                + "\" is no handle: use 3 to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit.");
    }

    private static Outcome about(String number, Function<PhoneNumber, Outcome> work) {
        return PhoneNumber.parse(number)
                .map(work)
                .orElseGet(() -> new Outcome.Refused("The number \"" + number
                        + "\" is not E.164: write it as +, country code and digits, such as +12025550140."));
    }

    private String wouldErase(PhoneNumber person) {
        Map<String, Integer> counts = people.count(person);
        String all = counts.entrySet().stream()
                .map(table -> ", " + table.getKey() + " " + table.getValue())
                .collect(Collectors.joining());
        int rows = counts.values().stream().mapToInt(Integer::intValue).sum();
        return "would erase   " + rows + " rows about " + person + all + "\nNothing was changed.";
    }

    private String erase(PhoneNumber person) {
        PersonalData.Erasure erasure = people.erase(person);
        String traces = erasure.scrubbed()
                ? ""
                : "\nThe database file still has traces of them: make room on the disk for a copy of it, and erase again.";
        return "erased        " + erasure.rows() + " rows about " + person + traces;
    }

    /// Somebody may give the whole key: the secret after the dot is not repeated.
    private static String id(String key) {
        return key.split("\\.", 2)[0];
    }

    private static boolean wrong(String text) {
        return text.isBlank()
                || text.codePointCount(0, text.length()) > LONGEST
                || text.codePoints().anyMatch(Character::isISOControl);
    }

    private static String line(Organization organization) {
        return "%s  %s  %s  %s"
                .formatted(
                        organization.id(),
                        Timestamps.iso(organization.createdAt()),
                        organization.operator() ? "operator" : "tenant  ",
                        organization.name());
    }

    private static String line(Identity agent) {
        return "%s  %s  %s  %s  %s"
                .formatted(
                        agent.handle(),
                        agent.organization(),
                        Timestamps.iso(agent.createdAt()),
                        agent.enabled() ? "enabled " : "disabled",
                        agent.profile().displayName());
    }

    private static String line(ApiKey key) {
        return "%s  %s  %s  used %s  %s"
                .formatted(
                        key.id(),
                        key.organization(),
                        key.revokedAt().isPresent() ? "revoked" : "active ",
                        key.lastUsedAt().map(Timestamps::iso).orElse("never"),
                        key.label());
    }

    private static Outcome lines(Stream<String> lines) {
        return new Outcome.Done(lines.collect(Collectors.joining("\n")));
    }
}
