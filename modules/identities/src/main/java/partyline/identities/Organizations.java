package partyline.identities;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import partyline.kernel.Database;
import partyline.kernel.OrganizationId;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The tenants of this server. Only the operator's commands and the first start touch them. Thread-safe.
public final class Organizations {

    private static final String ID_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int ID_LENGTH = 12;

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public Organizations(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Creates an organization; the very first one becomes the operator's.
    public Organization create(Tx tx, String name) {
        boolean first = all(tx.handle()).isEmpty();
        Organization made = new Organization(newId(), name, first, clock.instant());
        tx.handle()
                .createUpdate("""
                        INSERT INTO organization (id, name, operator, created_at)
                        VALUES (:id, :name, :operator, :createdAt)
                        """)
                .bind("id", made.id().text())
                .bind("name", name)
                .bind("operator", first)
                .bind("createdAt", Timestamps.micros(made.createdAt()))
                .execute();
        return made;
    }

    /// The organization that runs the server; empty before the first start has made it.
    public Optional<Organization> operator() {
        return database.read(Organizations::all).stream()
                .filter(Organization::operator)
                .findFirst();
    }

    /// Every organization, oldest first; for the commands of the jar.
    public List<Organization> list() {
        return database.read(Organizations::all);
    }

    /// The organization with this id, in the transaction that needs it to be there.
    public Optional<Organization> find(Tx tx, OrganizationId id) {
        return all(tx.handle()).stream().filter(it -> it.id().equals(id)).findFirst();
    }

    private static List<Organization> all(Handle handle) {
        return handle.createQuery("SELECT id, name, operator, created_at FROM organization ORDER BY created_at, id")
                .map((row, _) -> new Organization(
                        new OrganizationId(row.getString("id")),
                        row.getString("name"),
                        row.getBoolean("operator"),
                        Timestamps.instant(row.getLong("created_at"))))
                .list();
    }

    private OrganizationId newId() {
        return new OrganizationId(random.ints(ID_LENGTH, 0, ID_LETTERS.length())
                .mapToObj(at -> ID_LETTERS.substring(at, at + 1))
                .collect(Collectors.joining("", "org_", "")));
    }
}
