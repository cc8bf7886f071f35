package partyline.kernel;

/// More is waiting to be written than the disk takes in. Nothing was changed, and it is safe to try again soon.
public final class Overloaded extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public Overloaded() {
        super("too many writes are waiting");
    }
}
