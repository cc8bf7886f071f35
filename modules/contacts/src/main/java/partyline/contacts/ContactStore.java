package partyline.contacts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.Query;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The tables `contact` and `contact_address`: the second finds the rows of the first.
final class ContactStore {

    /// What was made of a row, and how many characters it had.
    private record Sized<T>(T row, int size) {}

    /// An agent sees what no permission hides from it; an admin sees everything.
    private static final String VISIBLE = """
               AND c.organization_id = :organization
               AND (:own IS NULL OR NOT EXISTS (SELECT 1 FROM contact_permission p
                                                 WHERE p.identity_id = :own AND p.contact_id = c.id AND p.profile = 0))
            """;
    private static final String COLUMNS = """
            SELECT c.id, c.organization_id, c.details, c.confirmed, c.reviewed_at, c.created_by, c.revision, c.created_at,
                   c.updated_at
            """;
    private static final String SELECT = COLUMNS + " FROM contact c WHERE 1 = 1 " + VISIBLE;

    /// Who it is, without what may be long.
    private static final String SLIM = COLUMNS.replace(
            "c.details",
            Card.LONG.stream().collect(Collectors.joining("', '$.", "json_remove(c.details, '$.", "') AS details")));

    /// What the details of one page may have together, in characters.
    private static final int LARGEST_PAGE = 256 * 1_024;

    Optional<Contact> find(Handle handle, Caller caller, Id id) {
        return asking(handle, SELECT + " AND c.id = :id", caller)
                .bind("id", id.text())
                .map((row, _) -> contact(row))
                .findOne();
    }

    /// Whether the caller may delete a contact that it sees, which an agent may if it wrote it down and nobody said
    /// who may see or reach it: that would end with it. Empty when it sees no such contact.
    Optional<Boolean> deletable(Handle handle, Caller caller, Id id) {
        return asking(handle, """
                        SELECT :own IS NULL
                               OR coalesce(c.created_by = :own, 0)
                              AND NOT EXISTS (SELECT 1 FROM contact_permission s WHERE s.contact_id = c.id)
                              AND NOT EXISTS (SELECT 1 FROM contact_mail_permission s WHERE s.contact_id = c.id)
                          FROM contact c WHERE c.id = :id
                        """ + VISIBLE, caller)
                .bind("id", id.text())
                .mapTo(Boolean.class)
                .findOne();
    }

    /// Ends early where the details grow large. What is beyond is never in memory.
    <T> Contacts.Page<T> list(Handle handle, Caller caller, Contacts.Filter filter, Function<Contact, T> to) {
        String order = filter.byName() ? "c.sort_key, c.id" : "c.updated_at DESC, c.id DESC";
        Query query = asking(handle, SELECT + """
                   AND (:query = '' OR instr(c.search_text, :query) > 0)
                   AND (:confirmed IS NULL OR c.confirmed = :confirmed)
                 ORDER BY\s""" + order + " LIMIT :limit OFFSET :offset", caller)
                .bind("query", Card.folded(filter.query()))
                .bind("confirmed", filter.confirmed().orElse(null))
                .bind("limit", filter.limit() + 1)
                .bind("offset", filter.offset());
        return page(query, filter.limit(), to);
    }

    /// The numbers of those in whom `query` is found.
    List<PhoneNumber> numbers(Handle handle, Caller caller, String query, int most) {
        return asking(handle, """
                        SELECT a.address
                          FROM contact_address a
                         WHERE a.kind = 'phone' AND a.contact_id IN
                               (SELECT c.id FROM contact c WHERE instr(c.search_text, :query) > 0 <visible> LIMIT :most)
                        """.replace("<visible>", VISIBLE), caller)
                .bind("query", Card.folded(query))
                .bind("most", most)
                .map((row, _) -> new PhoneNumber(row.getString("address")))
                .list();
    }

    /// Ends early like [#list].
    <T> Contacts.Page<T> lookup(
            Handle handle, Caller caller, Contacts.Lookup lookup, int most, Function<Contact, T> to) {
        String condition = switch (lookup.how()) {
            case IS -> "a.address = :text";
            case CONTAINS -> "instr(a.address, :text) > 0";
            case DOMAIN -> "substr(a.address, instr(a.address, '@') + 1) = :text";
        };
        // The cross join keeps the order: addresses are few, and a book has many contacts.
        String having = """
                  FROM (SELECT DISTINCT a.contact_id FROM contact_address a
                         WHERE a.organization_id = :organization AND a.kind = :kind AND %s) o CROSS JOIN contact c
                 WHERE c.id = o.contact_id
                """.formatted(condition);
        Query query = asking(handle, COLUMNS + having + VISIBLE + " ORDER BY c.sort_key, c.id LIMIT :limit", caller)
                .bind("kind", lookup.kind().wire())
                .bind("text", lookup.text())
                .bind("limit", most + 1);
        return page(query, most, to);
    }

    private static <T> Contacts.Page<T> page(Query query, int limit, Function<Contact, T> to) {
        List<T> found = new ArrayList<>();
        long size = 0;
        try (ResultIterator<Sized<T>> rows = query.map((row, _) -> new Sized<>(
                        to.apply(contact(row)), row.getString("details").length()))
                .iterator()) {
            while (rows.hasNext()) {
                Sized<T> row = rows.next();
                size += row.size();
                if (found.size() == limit || !found.isEmpty() && size > LARGEST_PAGE) {
                    return new Contacts.Page<>(found, true);
                }
                found.add(row.row());
            }
        }
        return new Contacts.Page<>(found, false);
    }

    /// Who has these numbers, as far as the caller may see them, without notes, dates and lists.
    Map<PhoneNumber, Contact> known(Handle handle, Caller caller, Collection<PhoneNumber> numbers) {
        ArrayNode wanted = Json.array();
        numbers.forEach(number -> wanted.add(number.text()));
        Map<PhoneNumber, Contact> known = new HashMap<>();
        asking(handle, SLIM + """
                       , a.address
                  FROM contact_address a CROSS JOIN contact c
                 WHERE c.id = a.contact_id AND a.organization_id = :organization AND a.kind = 'phone'
                   AND a.address IN (SELECT value FROM json_each(:numbers))
                """ + VISIBLE, caller)
                .bind("numbers", Json.write(wanted))
                .map((row, _) -> known.put(new PhoneNumber(row.getString("address")), contact(row)))
                .list();
        return known;
    }

    /// The name of whoever has this number, as far as an agent may see them. Asked for every message.
    Optional<Contact.Name> named(Handle handle, OrganizationId organization, Id identity, PhoneNumber number) {
        return Rows.first(
                handle,
                """
                SELECT c.id, c.name FROM contact_address a JOIN contact c ON c.id = a.contact_id
                 WHERE a.organization_id = ?1 AND a.kind = 'phone' AND a.address = ?2
                   AND NOT EXISTS (SELECT 1 FROM contact_permission p
                                    WHERE p.identity_id = ?3 AND p.contact_id = c.id AND p.profile = 0)
                """,
                row -> new Contact.Name(Id.parse(row.getString(1)), Optional.ofNullable(row.getString(2))),
                organization.text(),
                number.text(),
                identity.text());
    }

    /// Whether anybody is in the book.
    boolean hasAny(Handle handle, OrganizationId organization) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM contact WHERE organization_id = :organization)")
                .bind("organization", organization.text())
                .mapTo(boolean.class)
                .one();
    }

    boolean has(Tx tx, OrganizationId organization, Id contact) {
        return tx.handle()
                .createQuery("SELECT EXISTS (SELECT 1 FROM contact WHERE id = :id AND organization_id = :organization)")
                .bind("id", contact.text())
                .bind("organization", organization.text())
                .mapTo(boolean.class)
                .one();
    }

    /// The addresses of a contact, in no promised order.
    List<ContactAddress> addresses(Handle handle, Id contact) {
        return handle.createQuery("SELECT kind, address FROM contact_address WHERE contact_id = :contact")
                .bind("contact", contact.text())
                .map((row, _) -> address(row))
                .list();
    }

    /// The contacts that have this number, one of an organization.
    List<Id> having(Handle handle, PhoneNumber number) {
        return handle.createQuery("SELECT contact_id FROM contact_address WHERE kind = 'phone' AND address = :number")
                .bind("number", number.text())
                .map((row, _) -> Id.parse(row.getString("contact_id")))
                .list();
    }

    /// An address of these that another contact than `own` has in the organization, and that contact's id.
    Optional<Map.Entry<ContactAddress, Id>> taken(
            Tx tx, OrganizationId organization, List<ContactAddress> addresses, Id own) {
        if (addresses.isEmpty()) {
            return Optional.empty();
        }
        return tx.handle()
                .createQuery("""
                        SELECT kind, address, contact_id FROM contact_address
                         WHERE organization_id = :organization AND kind IN ('email', 'phone') AND address IN (<addresses>)
                           AND contact_id <> :own
                         ORDER BY kind, address LIMIT 1
                        """)
                .bind("organization", organization.text())
                .bindList(
                        "addresses",
                        addresses.stream().map(ContactAddress::text).toList())
                .bind("own", own.text())
                .map((row, _) -> Map.entry(address(row), Id.parse(row.getString("contact_id"))))
                .findOne();
    }

    int count(Tx tx, OrganizationId organization) {
        return tx.handle()
                .createQuery("SELECT count(*) FROM contact WHERE organization_id = :organization")
                .bind("organization", organization.text())
                .mapTo(Integer.class)
                .one();
    }

    void insert(Tx tx, Contact contact, Card.Columns columns) {
        tx.run(
                """
                INSERT INTO contact (id, organization_id, details, name, sort_key, search_text, confirmed, created_by,
                                     revision, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)
                """,
                contact.id().text(),
                contact.organization().text(),
                columns.details(),
                columns.name(),
                columns.sortKey(),
                columns.searchText(),
                contact.createdBy().map(Id::text).orElse(null),
                contact.revision(),
                Timestamps.micros(contact.createdAt()),
                Timestamps.micros(contact.updatedAt()));
        insertAddresses(tx, contact, columns);
    }

    /// Stores a change, unless somebody else made another one since; then false.
    boolean replace(Tx tx, Contact after, Card.Columns columns) {
        int changed = tx.run(
                """
                UPDATE contact SET details = ?, name = ?, sort_key = ?, search_text = ?, confirmed = ?, reviewed_at = ?,
                                   revision = ?, updated_at = ?
                 WHERE id = ? AND revision = ?
                """,
                columns.details(),
                columns.name(),
                columns.sortKey(),
                columns.searchText(),
                after.review().confirmed(),
                after.review().at().map(Timestamps::micros).orElse(null),
                after.revision(),
                Timestamps.micros(after.updatedAt()),
                after.id().text(),
                after.revision() - 1);
        if (changed > 0) {
            tx.run(
                    "DELETE FROM contact_address WHERE contact_id = ?",
                    after.id().text());
            insertAddresses(tx, after, columns);
        }
        return changed > 0;
    }

    void delete(Tx tx, Id contact) {
        tx.run("DELETE FROM contact_address WHERE contact_id = ?", contact.text());
        tx.run("DELETE FROM contact WHERE id = ?", contact.text());
    }

    private static void insertAddresses(Tx tx, Contact contact, Card.Columns columns) {
        for (ContactAddress address : columns.addresses()) {
            tx.run(
                    "INSERT INTO contact_address (organization_id, kind, address, contact_id) VALUES (?, ?, ?, ?)",
                    contact.organization().text(),
                    address.kind().wire(),
                    address.text(),
                    contact.id().text());
        }
    }

    private static Query asking(Handle handle, String sql, Caller caller) {
        return handle.createQuery(sql)
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull());
    }

    private static ContactAddress address(ResultSet row) throws SQLException {
        return new ContactAddress(
                ContactAddress.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)), row.getString("address"));
    }

    private static Contact contact(ResultSet row) throws SQLException {
        return new Contact(
                Id.parse(row.getString("id")),
                new OrganizationId(row.getString("organization_id")),
                new Card((ObjectNode) Json.read(row.getString("details"))),
                new Contact.Review(row.getBoolean("confirmed"), Timestamps.read(row, "reviewed_at")),
                Optional.ofNullable(row.getString("created_by")).map(Id::parse),
                row.getInt("revision"),
                Timestamps.instant(row.getLong("created_at")),
                Timestamps.instant(row.getLong("updated_at")));
    }
}
