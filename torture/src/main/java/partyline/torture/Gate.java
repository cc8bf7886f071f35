package partyline.torture;

/// Where everybody waits while the server is down, so that it can start in peace. Thread-safe.
final class Gate {

    private static final long LONGEST_WAIT_MILLIS = 1_000;

    private boolean open;

    synchronized void set(boolean open) {
        this.open = open;
        notifyAll();
    }

    /// Waits until the server is up, for a second at most.
    synchronized void pass() {
        try {
            if (!open) {
                wait(LONGEST_WAIT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
