package partyline.app.operator;

import java.io.IOException;

/// A backup is not whole; its message is the part of a sentence that says what is wrong.
final class DamagedBackup extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedBackup(String what) {
        super(what);
    }
}
