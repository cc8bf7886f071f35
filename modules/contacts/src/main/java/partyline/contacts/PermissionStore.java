package partyline.contacts;

import partyline.kernel.Id;
import partyline.kernel.Tx;

/// The tables `contact_permission` and `contact_mail_permission`: a row for an identity and a contact of which
/// anything was said.
final class PermissionStore {

    void forgetContact(Tx tx, Id contact) {
        tx.run("DELETE FROM contact_permission WHERE contact_id = ?", contact.text());
        tx.run("DELETE FROM contact_mail_permission WHERE contact_id = ?", contact.text());
    }

    void forgetIdentity(Tx tx, Id identity) {
        tx.run("DELETE FROM contact_permission WHERE identity_id = ?", identity.text());
        tx.run("DELETE FROM contact_mail_permission WHERE identity_id = ?", identity.text());
    }
}
