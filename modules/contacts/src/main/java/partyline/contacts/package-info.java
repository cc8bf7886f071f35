/// Whom an organization knows: names, numbers, mail addresses, notes. [Contacts][partyline.contacts.Contacts] keeps
/// them and says which agent may see whom; [ContactNames][partyline.contacts.ContactNames] puts names into events. A
/// contact alone lets nobody in: what it grants are rules, and lie with those.
///
/// `docs/contacts.md` tells how it is used, and why it is so.
@NullMarked
package partyline.contacts;

import org.jspecify.annotations.NullMarked;
