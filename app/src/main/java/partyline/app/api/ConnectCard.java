package partyline.app.api;

import io.nayuki.qrcodegen.QrCode;

/// What a phone's camera reads to connect: a link as a QR code, black on white whatever page it is on, with the margin
/// that readers need. Made when somebody asks for it.
final class ConnectCard {

    private static final int MARGIN = 4;

    private ConnectCard() {}

    /// The code as SVG; `title` has no characters that are special there.
    static String svg(String title, String link) {
        QrCode code = QrCode.encodeText(link, QrCode.Ecc.MEDIUM);
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    path.append("M%d,%dh1v1h-1z".formatted(x + MARGIN, y + MARGIN));
                }
            }
        }
        int side = code.size + 2 * MARGIN;
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %1$d" role="img" shape-rendering="crispEdges">\
                <title>%2$s</title><rect width="%1$d" height="%1$d" fill="#fff"/><path fill="#000" d="%3$s"/></svg>
                """.formatted(side, title, path);
    }
}
