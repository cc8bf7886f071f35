package partyline.identities;

/// The right of the machinery (router, receipts, dispatcher, key look-up) to reach tenant data without a caller. The
/// wiring makes one and hands it to the few classes that need it; asking for it in a signature is the warning sign.
public final class SystemAccess {

    /// For the wiring alone.
    public SystemAccess() {}
}
