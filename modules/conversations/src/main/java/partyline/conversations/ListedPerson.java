package partyline.conversations;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import partyline.kernel.PhoneNumber;

/// Somebody who talks with agents of an organization: with how many, and when the last message came or went.
public record ListedPerson(PhoneNumber number, int conversations, Optional<Instant> latest) {

    /// Whom to list, in the order of their numbers: those after `after`, whose number begins with `prefix`, and who
    /// are `among` these, if that is given. `limit` is 1 to 200.
    public record Filter(Optional<PhoneNumber> after, String prefix, Optional<List<PhoneNumber>> among, int limit) {}
}
