package partyline.contacts;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import partyline.contacts.ContactAddress.Kind;
import partyline.rules.Direction;

/// What an admin wants an agent's [Permissions] for a contact to be; what is not named stays as it is. With `shows`
/// it is taken for granted that the contact is seen.
public record PermissionChange(
        Optional<Boolean> profile, Optional<Boolean> memories, boolean shows, List<Wish> wishes) {

    /// Which addresses of a kind may be heard from, or written to: one side of [Direction]. It may close the others of
    /// the contact.
    public record Wish(Kind kind, Direction side, Map<String, Boolean> named, boolean closesOthers) {

        Optional<Boolean> of(ContactAddress address) {
            if (address.kind() != kind) {
                return Optional.empty();
            }
            Optional<Boolean> said = Optional.ofNullable(named.get(address.text()));
            return closesOthers ? said.or(() -> Optional.of(false)) : said;
        }
    }

    /// Whether anything is to be seen or reached, which nothing is without the profile.
    public boolean opens() {
        return shows
                || memories.orElse(false)
                || wishes.stream().anyMatch(wish -> wish.named().containsValue(true));
    }

    /// A named address that is none of these.
    Optional<ContactAddress> foreign(List<ContactAddress> own) {
        return wishes.stream()
                .flatMap(wish -> wish.named().keySet().stream().map(text -> new ContactAddress(wish.kind(), text)))
                .filter(address -> !own.contains(address))
                .findFirst();
    }
}
