namespace Everyport.Proxy.Tests.Sniffing.Quic;

/// <summary>What clients in use sent to a socket that never answered.</summary>
internal static class QuicRecordings
{
    /// <summary>Chromium 156: a hello with post-quantum key shares over two datagrams, its parts shuffled.</summary>
    public static byte[] Chromium1 { get; } = Convert.FromBase64String("""
        ygAAAAEIpi172AFH9uMAAETQrSFAWNr9E1tBUykYwOnNyuUOeoocCQJl4W4zBbNhzgc6NTf3UpQ61g8WHVud4Xx7wVhv21jzxjI2MZ6vxNBS6NmvaWFvr0nSLl+aU7To
        YV6rpJcyHoh9JxaXQ5cDUfTlaXQCQdoLf/rpXCIp5AE2prNSwzcSjwW436yR7Sat2tuMuxX+mXmzyDqrUfg3qoRZvZxwBgXcF7QudmTwfBGfo3CBKajuLJ5bY4PoIcxW
        3GMSRY+WVpqkRaBXv1ueh8dAn6//nhdgAGPrpzANPsWMzJG2hSvxBSFoLji9V738Xtvgim2psO/q6Fjx+XOWIFstipQeY1ekPqfBq1QZp1m39TVugfEsxwQu+ap+5zlb
        sV0dirVHon7TGKt85UKlL55zKVuUQTEMSctNwjpadRWL1TPW+ddUCFC7i09/U+N2tMxDNK6Z2eXSle4jE+fyyBZRly4kBx6MZvj3KcWBpWMr3dfFxasiWL4cixeNCcoo
        0OfA6qghhHJcYTKoVwn9JL2b3mWHxs/ZnZ9B8OoxLVENs8tFX4ZlivUkK/iE9b869ZxSxiJYKhZz6us6n7iklylVMnHOAeUcYqCAbMHvfGs9JDWQiVVRRM70Xxy6wtSO
        Y7EpxwEKDrpgmojmvmf9mTr+/dn2yVqhg3IOJDRVIe7VJkcvhw4XDna3T7/7MDRtSyBJQvpjIWooyTFhgkWvGAL7P8EMLHJcN/YDUFeOkkfvPWdjdzza6oDdMfMy5CLd
        9nNurTfDuDKQQSIpyCg4eMvui6iGRcQ5EqsWbTqmc2+fGoRp7m15Yz29fik8qhj3hFipT5/UQxdzSFYgwHoo4tM/RpbI3UOzIMGq6SSDDq1IMWTUK88GCmw8N2xR51W6
        5TtlwxBv2sUIdzS+O4o9ZScwRnGLKjh35QpAq1aDckQkQah0g6hI+USKxW4XiLsHkKUWa0569DlwxtmmeaxFbADQviE32r/2SYTM3ULFPqR9vQWsdFXLpTieyRjQaezx
        dui9cRWENoHB61cbKGH4jZKMAIipNUGRIKjPXhrU0nFXzmXAwS7I89U6WLaBWSjCTC4gdNK5n8VJcaBGguzwovaD4oB05+kaq40vpaTJ2qB3KyPrHgleiRKXyhxZSLAF
        2bpy9bKJuIc4r1gMlopMF9JJOEZ/wWV9PIgfK1Ver8eA7Kk1dCu+9G8nsD7kOY5KQH7Z7x1FoypkPhzjSXM0p8Ud5vDU4o1qlgy7TTLMYLHI9dLx1c+JJhvRi0EDYk4Y
        3t/hIfMkMOjApGuuZmCuayT/xnsLe4TDKF1utW09dLW5KiD4sFWHCOjf1bn1yxOqREr2g1EutSxPSI2bHQXlD5vrniYxN4CvXJ54wfHdPfMFyQE4UmStHrIr3tmy2UP8
        4q0FJiGSrmZ23Ige6DELBNZz0kJWsAQPeryMNSozFyQH98xfG5MZkF0FVz8QtR5v6GIlCUwYn6DIzAW33jHtlWU4QB+0AWFW6+40Al7fPBwsoW/4h1QoGhFD1o768Ebb
        ZGJ8JbjkJBPEjAjB9LiXONWVvGEZws21BBcwOSzcx+op7sd4oo+0B2UUynT3rXi7BsAml/v8ZvKDLCyqPggauR9LQMQBvIyQtCl1yubZDMQ8HMPbhKLVnvMrvCbn6edT
        k/o=
        """);

    /// <summary>The second datagram of it.</summary>
    public static byte[] Chromium2 { get; } = Convert.FromBase64String("""
        xQAAAAEIpi172AFH9uMAAETQlJFxfS9ST4N7RoOI3JncNqt+kFv1KUsZu+7heLGI6HBtEQ1LS9xa2OFYIWsAqkCe3XEFXivANDPX7fCRaVI5yWGE6ub2J4nuLVYUNVK9
        4p3Ks0n4WGZYTuWLb8xjXAFAk/JBSwPDtazL55Mg/VYsxwz9MFywMpu0muQACdB6LTy/ALO4bE9eRHEZ6WVDbhRzpQJSMkdhGQaK24HvqwofZMz1aBfWZNBHvr5gdGCu
        7/drB6JvpTQyM4yPWterKXV15JIaoFsXpi+hwRHA4Yyw7wYuJJjPG0Nr0pDUij9+6AwOngUGV1kgIqYACEgccpUh5GNnH2CEYPAoCp9R8osHAFNO9EmpeybTRJY5YNoI
        y7qtX9gISKDtwuOD6Kh+LSMs7S/IRrPSf8n9e1RV9a+tqUsYeVZ9f0GpI/YVuoPKc9v+9Ffi9CWP/xKZclV5oDj48hpze2Af5d6QzF8OvUPn6I9BiMah10DRp9VuTyDp
        P2Bp/ImEAyQnUCM49o07ZaumwVNBY4k5yXBYF39fjqMlAxWbTsNbJuOs6bvgG1vwToZetOYiE8F3HZ1Kz3PW6w5UewNUNu4UnMnfpegCiaHumBsvjxkCN8LpLStblOfM
        TfcKuFmwa/SylaODWyH5S3ogsFqzeAA0JKVpI3KtacMb/hYIUorgvs0liSeI2cqFFUQ8mAMU7X3Aw9rv5NLlXh5xft2zUnnGAzhMNy07y9gmBKfOzn5oI2lH3/58NmH/
        ClY6NoQe8t5TVq5eY+ue6cgb+5QjZ+XMLeKvJLozajBohKfyjLiBH+JABLw0oDnQZ9PsQmjJm7TWI8m1EeS5I7TqtGedLn+db2D3FQ5RPDt0WpRIgpFICHCPt7dfz+cJ
        bISRc9KuKEDZPXsdFrIB4DPmbk4nPKqzYZ6DcyVY5ioXIWzO02cP34z0sy69r50K4KkxsIIIDg5sAouqT2pzlVm4KVLCabk6K1CBEImb3t+nT/yYu9+nxY9hBSOIiHKG
        LYY3FHNuWsxiUBx9BJCBR/caAKnpnhBQY+Hih5h7TE6vbGpqJNKkbDfVGSxzLECq8CJ9xXY6D4zX/BZ+pb8LKOGIAKGGqYHENPZouLv4eHTDorlPdacFUFVaZXhZ6gwX
        o1utaDOsuqpZ8RLsVAAvT0kBZGFojyFPL9+Z7/V39qq73j3Lv3wdZSsUMQlj8S9q1cfs4U3HOBStmKTS5kwrwN+9rkaiSMQWz87s8JlcxCAjZyQ5HAn53Ghivil0pzBO
        CXevGufVvtQNkIGN3B2Rl+vpWWJq46jLgyGaRdwYctvz2TwLJMWJzGvObsn6MMDh3DYO5RSen1z8qNaOwnWfaWZpXXxY+q9/Uwu6AG0fwvukC3c/qd5LSt87bpq1hfao
        pMUcNb4gR6SNfXBhimgmQ62thLwlG6i9a9RQHXG2BCjWQBtV7OjkH5l7MfzhvHM8E9hq3cPA6B6vZnKl0aZWmwINkVU+5BqLD5F5Eq06hxjakI54l0kS6KDerBfR1IAT
        B4DaFd4LpFGijZDM/tseShxY+uN+ASxwxRMi4uynS14lzU9gZQmITNuTkttt2G/6Fk40F6HHRiwBXdXeB4Ti4iz0SKO55mUD9UcQyg7t5H7NjXpnrBeZs5tA3bdpJunz
        gKM=
        """);

    /// <summary>The third, sent because nobody had answered.</summary>
    public static byte[] Chromium3 { get; } = Convert.FromBase64String("""
        ygAAAAEIpi172AFH9uMAAETQXKicLcqBBDEAqRqLDa7f/gbZ+SEAOdUOnGLmVLYkDAjyE0WqxRR4xVhmohcMoU3Frl+ZxgXooHjATtwQH2+q8lrE+1EGpBpGcplZpMIw
        nCJ9ms0WDAUPZGHK5FX+exXxXQnz7/DCNzRYGsC7T/TcSLsP0qeEiu9nbcEnxz7RoQI+/3F1SghID2KJvBC8vj6pBsmKHwjZi0qj2csY0GmxXSuy4rejrxmm3sulYH6h
        zD1BtTCOwjPnIUwFPF/V2JdEc2NBdaClNHGpPU/SDgAoGGiqiop+Eh+gJcOdnUUBy26C7MzS1IGomejhld/mPK6EvfXZnNUA09abVDEOaQky281hOueQZgjPXH604/rZ
        ErFmd2CvHpTtQUwu5fht9RW72HxcHrJ4Ijo8BHWKyiDAjPC9ojMfJ9Or4S5QecJL3Nu6MgAw1V9EUKyqmGDBembIhNyh3KH0YcmHxHTQQZuTren0sezaKr695BiSmVfA
        4KI0MWWROpRxxq0Wi9aokIKmOOhyy6PVQZuk4wDHGnPiz65LuGZwIwNxKA7cYJiasJqPBhRSIOp9FHbduvmOoA2PvNkW/UAp2JFGd75/PnH0F/hJt8Qg//O993V4UoFY
        kq8kNwvwQNAOicNkLt+3Ti1wDvFwcyHzGz1N/T1axFqlZU9fXmkC3+pncQxAtXPygZi8Z8yEvMpVTaZC6DnT/T89x7BswdT9gB+oT/Tm+kcA7axMk8pyTJlhMdy/MQCH
        GQIu769b0X3X5iFZPNP13ye68lLsKG1RfyffYjOnnmkxUN4JQvapE4DF+9g5W9Wwb2WTrgbPx9/so3sDIh1yiZG2jTxgO1uJfxSJ+Jqd0/k01CRFNEwK8xAQTyWFo/dJ
        PN6tH1J7svmhZP/4n+59bcTB7lns3iM2EdQr9m5j8vM1GCabE8EDl/ewGlOdo8ZIMIaLCd/OXzQB0OayQKLVVuHuEkIy9A3BwLhWIn1mWgvWNOHhofz9Z4EoUckPkegb
        Ff7BvL/C+DlvjbPj4iMJaKIE2A8PKcG9q+sA02pybhT31prLzhR46DgRChy0o9wbZSWJeGRFPolLDW3S3hAem9QrXbo5JE7PuRk5rA9jFA4er2gFqHb15yg2lGn84Gm6
        CDQqPUQQBdPthTfKTx+atP4eoMXLR1ObjWvK8Cl4earzULss52EWgb8is/ri4lp8R1H1ek+hZ8S6w04OKrs1LGdk3ankcs/jKb0jpxjBDYCuQvMf+/P+PxG99ReCJvoe
        WxstOD7dfG3+hFLreQQVn5utfbRBo5FaglglnOySxNQYoThWvsmMU7/yOlBmFOODdZZdiWjkL0jU37bVUII7Kc1bkfFLp4y3ekSw2/OfdUmqAzVWV2ZDPy/7RjkCXY1J
        3tXep8ifs+Odcl2JFEZe33f7Bj1ZjgaOhqeq8EAujFXrEVKM5Se4NV6oDy2dr+EPlm4M7BuhRRezVk3E/7k+dSeeZ7t6DdMbFp/4bw4AfkmAsS/XFQ3I4WXXKsY8WR8n
        iP+FNvXfDhnYxxEMvwfn6qv0vJzNVLprK8a0WtDnj8VPS7YkmxYw1fvuVFTTzHOBSDDGWxTDy3So3X33E0zYxv1GQXlA/qm8KppHpBzB5LBvNT5lo8JGE3MHKot9dOMI
        6lY=
        """);

    /// <summary>The client of ngtcp2 0.12.1 with GnuTLS, version 1.</summary>
    public static byte[] Ngtcp2 { get; } = Convert.FromBase64String("""
        zAAAAAES7kMYiQKknY76ctSbgno93weQEUozBVxPieP+7Dstqhshl54IAIAABIGIOd0sDc/Zye0kYHBlmTBUD+1gUsRKyuhgoNlPUXjUKu1UWU5r7h0cb8yxQYmkJ9kl
        a2+487HxSIC9PVp5u0uFD3KTlJslBqq9ilsuV+jd+OoW/0pFyL6F7pg5U5cK15eRgQXa/BrhNC0ToXeZni/0ToYHkIxXw1WVCEG+9q/E52dkztZVQ2FAV7l9LwORd66z
        HJlVO2XAB3uHNQ+dgIW/h80AQ0B+kE3D/ULcspGj2kTiCIceCak0pdLVAgX2DVufdcFmobmLcNUicXlu/d60txCImdNBwpMjDppBtS7cqkArfLPAaLCR8bRJPYlPzKEf
        YYfIH/ZFzr0GO5W4iygduYgyDE9gTt5JsRPx/OfvPGaOvXmmWbwBpWUgDX0tsF+JcxbB9Y/J561XTd8JLcr+CgVc1RpR7tqY2ecTqrLjI/2t9ppbYO3XeFUlqIxJR66U
        7RebclkH9+Ok2cJNRbUgyBGzcxrWg9lxcyAMps03vSBhUhzY6b6yyNTR5lChoq+S5M8boAtRBLyNXAdTatxeC6pJALZdL5ZyKuiqARjIqmQrSHvTwC5NMItmuCwXbONv
        3HHm7h4HvTROWvliwm24wo5LtYxfoU15YRJYCWHMyME2raaLVspMnfg7TwnBAxnmk633o4UktVGMfKf/bdpoPsuKH77VnypFl+DCRWPr+HtdcQY1NpHMUeaay9PckQtz
        j7BMQZ56/plZbMSw8znokSO9xiZHDOJOuoGkrNIoCCAx/Xc0VcJY2L44gvgT+PMsyBt6KRbVsC3ci/dzHsx3IxlpTvrPZglODutvEDDPJh6aNgwPRHMxotiJrq293Gid
        NHl5pvy4Hs5ufd+b+C0NE2BzspxRk0jrwGNKSOo2rQwbyW6cDjPPItxagOpxsX75zF/KPHJD1RskveJ3VSPqUJVXqMR/JMq21e6ZDKmppMm1BlY22l+pqUXzqZ8jOIa/
        dAZXCRs0upoGD/cO27VGiN7q4aA1XroOnM3Hb7XFHYTm0C/mqAYwxP0MJjCTX0lTQHlR6lbMjEYlysbJrm/Tq//YRt5v1SFCjGrM8iBVIMz+OFwUunjZoqtq3KeReyrl
        /ayRQ4mkStMxk3bx6NjMidHE9NGJsTGFf8cg/kblTieIHXUi0GGQ+q/tBkAvp94NHAyXX4XC9OJQLfbu5D7NKlHNk6/6TS3eePFHiyI0NBlyukIZe9goJxoQtBQzy3Nb
        qQOQFjhN7FCp3QDwVFUdsVBEMMErUB3y21rYlaGVO+/ofBZOzXRCbi59pRgJrUEeYHYAUuROEkNyRQrXijpzUPlIDsgyXLo7RhxLRXpt84IEbVtOpjUfArLtHnQEpYzD
        JjiEkho3mpiCoMNXQItl3prf/E4gSO0Fu5OykdRzWz+7WitxJw0HrsLUIP7g4g2GgNDQP2+gyUqkX1NHAcHYqKq0pVvTDzIQrBMO2snmHgep6Nt9hN0I4dX9x/uPvIFI
        M4n0qEn4xJ7iN1j9oDL3KIPOHNhGk5pemHHQJjJucRUkHgu9d589/Wg737EEH10x
        """);
}
