package partyline.rules;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.rules.Choices.Choice;

/// The `contact_rule` table, one row per identity and number, and the former ids of its rules.
final class RuleStore {

    /// How many former ids of one rule are kept.
    private static final int MOST_ALIASES = 20;

    /// What the identity decided about the number.
    private record About(Id identity, PhoneNumber number) {}

    private static final String SELECT = """
            SELECT identity_id, number, hidden,
                   inbound_rule, inbound_action, inbound_paused, inbound_created_at, inbound_updated_at,
                   outbound_rule, outbound_action, outbound_paused, outbound_created_at, outbound_updated_at
              FROM contact_rule
            """;

    /// One row for each rule: what covers both sides counts where it covers the first.
    private static final String RULES = """
            SELECT organization_id, identity_id, number, inbound_rule AS id, inbound_action AS action,
                   inbound_paused AS paused, inbound_created_at AS created_at, inbound_updated_at AS updated_at,
                   CASE WHEN outbound_rule = inbound_rule THEN 'both' ELSE 'inbound' END AS direction
              FROM contact_rule WHERE inbound_rule IS NOT NULL
            UNION ALL
            SELECT organization_id, identity_id, number, outbound_rule, outbound_action,
                   outbound_paused, outbound_created_at, outbound_updated_at, 'outbound'
              FROM contact_rule
             WHERE outbound_rule IS NOT NULL AND (inbound_rule IS NULL OR inbound_rule <> outbound_rule)
            """;

    /// What the identity decided about a number; in a write transaction, remembered.
    Choices find(Tx tx, Id identity, PhoneNumber number) {
        return tx.remembered(new About(identity, number), () -> find(tx.handle(), identity, number));
    }

    Choices find(Handle handle, Id identity, PhoneNumber number) {
        return handle.createQuery(SELECT + "WHERE identity_id = :identity AND number = :number")
                .bind("identity", identity.text())
                .bind("number", number.text())
                .map((row, _) -> choices(row))
                .findOne()
                .orElseGet(() -> Choices.none(identity, number));
    }

    /// The rule that has this id now, or has taken in the one that had it.
    Optional<Rule> find(Handle handle, Caller caller, Id identity, Id rule) {
        String id = handle.createQuery("SELECT rule_id FROM contact_rule_alias WHERE id = :id")
                .bind("id", rule.text())
                .mapTo(String.class)
                .findOne()
                .orElse(rule.text());
        return handle.createQuery("SELECT * FROM (" + RULES + """
                 ) WHERE organization_id = :organization AND id = :id AND identity_id = :identity
                     AND (:own IS NULL OR identity_id = :own)
                """)
                .bind("id", id)
                .bind("identity", identity.text())
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull())
                .map((row, _) -> rule(row))
                .findOne();
    }

    List<Rule> list(Handle handle, Caller caller, Rules.Filter filter) {
        return handle.createQuery("SELECT * FROM (" + RULES + """
                 ) WHERE organization_id = :organization AND (:own IS NULL OR identity_id = :own)
                     AND (:identity IS NULL OR identity_id = :identity) AND (:action IS NULL OR action = :action)
                     AND (:direction IS NULL OR direction IN (:direction, 'both'))
                   ORDER BY id DESC LIMIT :limit OFFSET :offset
                """)
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull())
                .bind("identity", filter.identity().map(Id::text).orElse(null))
                .bind("action", filter.action().map(Rule.Action::wire).orElse(null))
                .bind("direction", filter.direction().map(Direction::wire).orElse(null))
                .bind("limit", filter.limit())
                .bind("offset", filter.offset())
                .map((row, _) -> rule(row))
                .list();
    }

    /// For how many numbers the identity has a rule.
    int count(Tx tx, Id identity) {
        return tx.handle()
                .createQuery("""
                        SELECT count(*) FROM contact_rule
                         WHERE identity_id = :identity AND (inbound_rule IS NOT NULL OR outbound_rule IS NOT NULL)
                        """)
                .bind("identity", identity.text())
                .mapTo(Integer.class)
                .one();
    }

    /// For how many of these numbers the identity has a rule.
    int count(Tx tx, Id identity, Collection<PhoneNumber> numbers) {
        return tx.handle()
                .createQuery("""
                        SELECT count(*) FROM contact_rule
                         WHERE identity_id = :identity AND number IN (SELECT value FROM json_each(:numbers))
                           AND (inbound_rule IS NOT NULL OR outbound_rule IS NOT NULL)
                        """)
                .bind("identity", identity.text())
                .bind("numbers", texts(numbers.stream().map(PhoneNumber::text)))
                .mapTo(Integer.class)
                .one();
    }

    /// Stores what is decided now; `merged` names the rules that others have taken in.
    void save(Tx tx, Identity identity, Choices before, Choices after, Map<Id, Id> merged) {
        tx.forget(About.class);
        if (!after.hidden() && after.rules().isEmpty()) {
            tx.handle()
                    .createUpdate("DELETE FROM contact_rule WHERE identity_id = :identity AND number = :number")
                    .bind("identity", after.identity().text())
                    .bind("number", after.number().text())
                    .execute();
            return;
        }
        write(tx, identity, after);
        merged.forEach((loser, base) -> alias(tx, after, loser, base));
        before.rules().stream()
                .map(Rule::id)
                .filter(id -> after.rule(id).isEmpty() && !merged.containsKey(id))
                .forEach(id -> tx.handle()
                        .execute("""
                        DELETE FROM contact_rule_alias WHERE identity_id = ? AND number = ? AND rule_id = ?
                        """, after.identity().text(), after.number().text(), id.text()));
    }

    /// Each number is hidden from each identity.
    void hide(Tx tx, OrganizationId organization, Collection<Id> identities, Collection<PhoneNumber> numbers) {
        if (identities.isEmpty() || numbers.isEmpty()) {
            return;
        }
        tx.forget(About.class);
        tx.run(
                """
                INSERT INTO contact_rule (identity_id, number, organization_id, hidden)
                SELECT i.value, n.value, ?, 1 FROM json_each(?) i CROSS JOIN json_each(?) n WHERE 1
                    ON CONFLICT (identity_id, number) DO UPDATE SET hidden = 1
                """,
                organization.text(),
                texts(identities.stream().map(Id::text)),
                texts(numbers.stream().map(PhoneNumber::text)));
    }

    /// No number is hidden from any of the identities any more.
    void show(Tx tx, Collection<Id> identities, Collection<PhoneNumber> numbers) {
        if (identities.isEmpty() || numbers.isEmpty()) {
            return;
        }
        tx.forget(About.class);
        String all =
                " WHERE identity_id IN (SELECT value FROM json_each(?)) AND number IN (SELECT value FROM json_each(?))"
                        + " AND hidden = 1";
        String whose = texts(identities.stream().map(Id::text));
        String which = texts(numbers.stream().map(PhoneNumber::text));
        tx.run("DELETE FROM contact_rule" + all + " AND inbound_rule IS NULL AND outbound_rule IS NULL", whose, which);
        tx.run("UPDATE contact_rule SET hidden = 0" + all, whose, which);
    }

    /// As a list for `json_each`, which takes any number; none has a quote in it.
    private static String texts(Stream<String> texts) {
        return texts.collect(Collectors.joining("\",\"", "[\"", "\"]"));
    }

    /// Forgets all rules of an identity.
    void deleteAll(Tx tx, Id identity) {
        tx.forget(About.class);
        tx.handle().execute("DELETE FROM contact_rule WHERE identity_id = ?", identity.text());
    }

    private static void write(Tx tx, Identity identity, Choices choices) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("organization", identity.organization().text());
        columns.put("identity", choices.identity().text());
        columns.put("number", choices.number().text());
        columns.put("hidden", choices.hidden());
        Stream.of(Direction.INBOUND, Direction.OUTBOUND).forEach(side -> bind(columns, side.wire(), choices.on(side)));
        tx.handle().createUpdate("""
                        INSERT INTO contact_rule VALUES (:identity, :number, :organization, :hidden,
                            :inbound_rule, :inbound_action, :inbound_paused, :inbound_created, :inbound_updated,
                            :outbound_rule, :outbound_action, :outbound_paused, :outbound_created, :outbound_updated)
                            ON CONFLICT (identity_id, number) DO UPDATE
                           SET hidden = excluded.hidden,
                               inbound_rule = excluded.inbound_rule, inbound_action = excluded.inbound_action,
                               inbound_paused = excluded.inbound_paused,
                               inbound_created_at = excluded.inbound_created_at,
                               inbound_updated_at = excluded.inbound_updated_at,
                               outbound_rule = excluded.outbound_rule, outbound_action = excluded.outbound_action,
                               outbound_paused = excluded.outbound_paused,
                               outbound_created_at = excluded.outbound_created_at,
                               outbound_updated_at = excluded.outbound_updated_at
                        """).bindMap(columns).execute();
    }

    private static void bind(Map<String, @Nullable Object> columns, String side, Optional<Choice> choice) {
        columns.put(side + "_rule", choice.map(it -> it.rule().text()).orElse(null));
        columns.put(side + "_action", choice.map(it -> it.action().wire()).orElse(null));
        columns.put(side + "_paused", choice.map(Choice::paused).orElse(null));
        columns.put(
                side + "_created",
                choice.map(it -> Timestamps.micros(it.createdAt())).orElse(null));
        columns.put(
                side + "_updated",
                choice.map(it -> Timestamps.micros(it.updatedAt())).orElse(null));
    }

    /// From now on `loser` means `base`, and so do all that meant it: up to a bound, since rules may part and meet
    /// for ever.
    private static void alias(Tx tx, Choices about, Id loser, Id base) {
        for (String sql : List.of(
                "UPDATE contact_rule_alias SET rule_id = :base WHERE identity_id = :identity AND number = :number"
                        + " AND rule_id = :loser",
                "INSERT INTO contact_rule_alias (id, rule_id, identity_id, number)"
                        + " VALUES (:loser, :base, :identity, :number)",
                "DELETE FROM contact_rule_alias WHERE identity_id = :identity AND number = :number AND rule_id = :base"
                        + " AND id NOT IN (SELECT id FROM contact_rule_alias WHERE identity_id = :identity"
                        + " AND number = :number AND rule_id = :base ORDER BY id DESC LIMIT " + MOST_ALIASES + ")")) {
            tx.handle()
                    .createUpdate(sql)
                    .bind("identity", about.identity().text())
                    .bind("number", about.number().text())
                    .bind("loser", loser.text())
                    .bind("base", base.text())
                    .execute();
        }
    }

    private static Choices choices(ResultSet row) throws SQLException {
        return new Choices(
                Id.parse(row.getString("identity_id")),
                new PhoneNumber(row.getString("number")),
                row.getBoolean("hidden"),
                choice(row, "inbound"),
                choice(row, "outbound"));
    }

    private static Optional<Choice> choice(ResultSet row, String side) throws SQLException {
        String rule = row.getString(side + "_rule");
        return rule == null
                ? Optional.empty()
                : Optional.of(new Choice(
                        Id.parse(rule),
                        Rule.Action.of(row.getString(side + "_action")),
                        row.getBoolean(side + "_paused"),
                        Timestamps.instant(row.getLong(side + "_created_at")),
                        Timestamps.instant(row.getLong(side + "_updated_at"))));
    }

    private static Rule rule(ResultSet row) throws SQLException {
        return new Rule(
                Id.parse(row.getString("id")),
                Id.parse(row.getString("identity_id")),
                new PhoneNumber(row.getString("number")),
                Direction.of(row.getString("direction")),
                Rule.Action.of(row.getString("action")),
                row.getBoolean("paused"),
                Timestamps.instant(row.getLong("created_at")),
                Timestamps.instant(row.getLong("updated_at")));
    }
}
