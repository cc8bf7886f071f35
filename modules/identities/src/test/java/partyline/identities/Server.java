package partyline.identities;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import partyline.identities.Identities.Outcome;
import partyline.identities.Identity.Profile;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.testkit.FakeClock;

/// One run of the program on a data folder, with two organizations on it.
record Server(
        Path folder,
        Database database,
        Organizations organizations,
        Identities identities,
        ApiKeys keys,
        SigningKeys signingKeys)
        implements AutoCloseable {

    static Server open(Path folder, FakeClock clock) {
        Database database = Database.open(folder.resolve("test.db"));
        return new Server(
                folder,
                database,
                new Organizations(database, clock),
                new Identities(database, new Ids(clock), clock),
                new ApiKeys(database, clock),
                new SigningKeys(database, clock, ServerKey.open(folder.resolve("server.key"), true)));
    }

    Organization organization(String name) {
        return database.write(tx -> organizations.create(tx, name));
    }

    Identity identity(Caller caller, String handle) {
        Outcome outcome = identities.create(caller, new Handle(handle), new Profile(null, null), true);
        return ((Outcome.Stored) outcome).identity();
    }

    ApiKey.Minted key(Identity identity, String label) {
        return database.write(tx -> keys.mint(tx, identity, NewKey.labelled(label)));
    }

    void revoke(Identity identity, Optional<String> label) {
        database.update(tx -> keys.revoke(tx, identity.id(), label));
    }

    Optional<String> ensureSigningKey(Identity identity) {
        return database.write(tx -> signingKeys.ensure(tx, identity.id()));
    }

    void delete(Identity identity) {
        database.update(tx -> identities.delete(tx, identity));
    }

    /// Whether the bytes of `text` lie anywhere in the database's files.
    boolean keeps(String text) {
        try (var files = Files.list(folder)) {
            return files.filter(it -> it.getFileName().toString().startsWith("test.db"))
                    .anyMatch(it -> content(it).contains(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Caller admin(Organization organization) {
        return new Caller(organization.id(), Optional.empty(), organization.operator(), "ApiKey_of_an_admin");
    }

    static Caller scoped(Organization organization, Id identity) {
        return new Caller(organization.id(), Optional.of(identity), organization.operator(), "ApiKey_of_an_agent");
    }

    @Override
    public void close() {
        database.close();
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
