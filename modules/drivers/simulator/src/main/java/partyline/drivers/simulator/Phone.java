package partyline.drivers.simulator;

import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;
import partyline.transport.Service;

/// A person's phone: its best service, whether it is reachable now, and whether it sends read receipts.
record Phone(PhoneNumber number, Service service, boolean online, boolean reads) {

    /// The phone of somebody of whom nothing is known.
    static Phone usual(PhoneNumber number) {
        return new Phone(number, Service.IMESSAGE, true, true);
    }

    /// This phone with what is not null changed.
    Phone with(@Nullable Service service, @Nullable Boolean online, @Nullable Boolean reads) {
        return new Phone(
                number,
                service == null ? this.service : service,
                online == null ? this.online : online,
                reads == null ? this.reads : reads);
    }

    boolean isOnIMessage() {
        return service == Service.IMESSAGE;
    }
}
