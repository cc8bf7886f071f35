package partyline.drivers;

import partyline.transport.Receipt;
import partyline.transport.SendResult;

/// What Messages on a Mac says of something that it could not send.
public final class AppleErrors {

    /// Somebody has no iMessage.
    public static final int NOT_REGISTERED = 22;

    private AppleErrors() {}

    /// The error in words.
    public static Receipt.Failure failure(int error) {
        return error == NOT_REGISTERED
                ? new Receipt.Failure(SendResult.Refused.NO_IMESSAGE, "This person has no iMessage.")
                : new Receipt.Failure("apple_error_" + error, "Messages could not send it: error " + error + ".");
    }
}
