package partyline.contacts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import partyline.contacts.Permissions.Sides;
import partyline.kernel.Id;
import partyline.kernel.Tx;
import partyline.rules.Direction;

/// The tables `contact_permission` and `contact_mail_permission`: a row for an identity and a contact of which
/// anything was said.
final class PermissionStore {

    /// What an agent may see.
    record Seen(boolean profile, boolean memories) {}

    private static final Seen EVERYTHING = new Seen(true, true);

    Seen seen(Handle handle, Id identity, Id contact) {
        return handle.createQuery("""
                        SELECT profile, memories FROM contact_permission
                         WHERE identity_id = :identity AND contact_id = :contact
                        """)
                .bind("identity", identity.text())
                .bind("contact", contact.text())
                .map((row, _) -> new Seen(row.getBoolean("profile"), row.getBoolean("memories")))
                .findOne()
                .orElse(EVERYTHING);
    }

    void save(Tx tx, Id identity, Id contact, Seen seen) {
        if (seen.equals(EVERYTHING)) {
            tx.run(
                    "DELETE FROM contact_permission WHERE identity_id = ? AND contact_id = ?",
                    identity.text(),
                    contact.text());
        } else {
            tx.run("""
                    INSERT INTO contact_permission (identity_id, contact_id, profile, memories) VALUES (?, ?, ?, ?)
                    ON CONFLICT (identity_id, contact_id)
                    DO UPDATE SET profile = excluded.profile, memories = excluded.memories
                    """, identity.text(), contact.text(), seen.profile(), seen.memories());
        }
    }

    /// The identities that a contact is hidden from.
    List<Id> blind(Tx tx, Id contact) {
        return tx.handle()
                .createQuery("SELECT identity_id FROM contact_permission WHERE contact_id = :contact AND profile = 0")
                .bind("contact", contact.text())
                .map((row, _) -> Id.parse(row.getString("identity_id")))
                .list();
    }

    /// What was said of mail addresses; open where nothing was.
    Map<String, Sides> mail(Handle handle, Id identity, Id contact) {
        Map<String, Sides> said = new HashMap<>();
        handle.createQuery("""
                        SELECT address, coalesce(inbound, 1) AS inbound, coalesce(outbound, 1) AS outbound
                          FROM contact_mail_permission
                         WHERE identity_id = :identity AND contact_id = :contact
                        """)
                .bind("identity", identity.text())
                .bind("contact", contact.text())
                .map((row, _) -> said.put(
                        row.getString("address"), new Sides(row.getBoolean("inbound"), row.getBoolean("outbound"))))
                .list();
        return said;
    }

    void chooseMail(Tx tx, Id identity, Id contact, String address, Direction side, boolean open) {
        String sql = """
                INSERT INTO contact_mail_permission (identity_id, contact_id, address, %1$s) VALUES (?, ?, ?, ?)
                ON CONFLICT (identity_id, contact_id, address) DO UPDATE SET %1$s = excluded.%1$s
                """.formatted(side.wire());
        tx.run(sql, identity.text(), contact.text(), address, open);
    }

    void forgetContact(Tx tx, Id contact) {
        tx.run("DELETE FROM contact_permission WHERE contact_id = ?", contact.text());
        tx.run("DELETE FROM contact_mail_permission WHERE contact_id = ?", contact.text());
    }

    void forgetIdentity(Tx tx, Id identity) {
        tx.run("DELETE FROM contact_permission WHERE identity_id = ?", identity.text());
        tx.run("DELETE FROM contact_mail_permission WHERE identity_id = ?", identity.text());
    }
}
