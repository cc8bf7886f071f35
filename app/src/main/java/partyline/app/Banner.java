package partyline.app;

import partyline.app.operator.FirstStart;

/// What a person sees when the server has started.
final class Banner {

    /// How this was called; the start script tells its own name.
    private static final String PROGRAM = System.getProperty("partyline.program", "java -jar partyline.jar");

    private Banner() {}

    static String of(Wiring wiring, boolean demo) {
        String base = wiring.baseUrl();
        boolean phone = !wiring.config().lines().simulated().isEmpty();
        StringBuilder text = new StringBuilder();
        text.append("\nPartyline ").append(Main.version());
        text.append("\n  data     ").append(wiring.dataFolder());
        text.append("\n  API      ").append(base);
        text.append("\n  console  ").append(base).append("/console   (in a browser; paste the key there)");
        if (phone) {
            text.append("\n  phone    ").append(base).append("/phone   (a simulated phone; also beside the console)");
        }
        text.append(key(wiring));
        if (wiring.isInQuarantine()) {
            text.append("\n\nIn quarantine: nothing is sent to any line and no webhook is posted until this command:")
                    .append("\n  " + PROGRAM + " resume --data ")
                    .append(quoted(wiring.dataFolder().toString()));
        }
        if (demo) {
            wiring.router()
                    .ifPresent(router -> text.append("\n\nDemo: ")
                            .append(phone ? "open the phone, text" : "text")
                            .append(" \"connect @echo\" to ")
                            .append(router)
                            .append(", and talk with the echo agent."));
        }
        return text.append('\n').toString();
    }

    private static String key(Wiring wiring) {
        return switch (wiring.firstKey()) {
            case FirstStart.Key.Made(var key) ->
                "\n  key      " + key + "\n\nThis admin key is shown once: keep it. Send it as X-API-Key.";
            case FirstStart.Key.NeverUsed() ->
                "\n\nNo admin key that works was ever used. If you have none, make one while the server runs:\n"
                        + "  " + PROGRAM + " admin-key create --org "
                        + wiring.operator().id() + " --data "
                        + quoted(wiring.dataFolder().toString());
            case FirstStart.Key.InUse() -> "";
        };
    }

    /// For a shell.
    private static String quoted(String path) {
        return path.matches("[A-Za-z0-9_./-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }
}
