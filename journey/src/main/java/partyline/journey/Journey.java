package partyline.journey;

/// A way through the server that is measured, from what sets it off to what somebody outside sees of it.
enum Journey {
    TEXT("a text in until its webhook is posted"),
    COMMAND("a command until its answer is on the phone"),
    SEND("a send until its webhook says delivered"),
    RECEIPT("a receipt until its webhook is posted");

    private final String title;

    Journey(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
