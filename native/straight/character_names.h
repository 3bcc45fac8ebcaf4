/* Names of characters: those of HTML 4 and those of later ones that pages use. */

/* L: those that are references without a semicolon behind them too, N: the others. */
#define CHARACTERS(L, N) \
  L(AElig, 198) L(AMP, 38) L(Aacute, 193) N(Abreve, 258) L(Acirc, 194) L(Agrave, 192) N(Alpha, 913) N(Amacr, 256) \
  N(Aogon, 260) L(Aring, 197) L(Atilde, 195) L(Auml, 196) N(Beta, 914) L(COPY, 169) N(Cacute, 262) N(Ccaron, 268) \
  L(Ccedil, 199) N(Chi, 935) N(Dagger, 8225) N(Dcaron, 270) N(Delta, 916) N(Dstrok, 272) N(ENG, 330) L(ETH, 208) \
  L(Eacute, 201) N(Ecaron, 282) L(Ecirc, 202) N(Edot, 278) L(Egrave, 200) N(Emacr, 274) N(Eogon, 280) N(Epsilon, 917) \
  N(Eta, 919) L(Euml, 203) L(GT, 62) N(Gamma, 915) N(Gbreve, 286) N(Gcedil, 290) N(Hat, 94) N(Hstrok, 294) \
  N(IJlig, 306) L(Iacute, 205) L(Icirc, 206) N(Idot, 304) L(Igrave, 204) N(Imacr, 298) N(Iogon, 302) N(Iota, 921) \
  L(Iuml, 207) N(Kappa, 922) N(Kcedil, 310) L(LT, 60) N(Lacute, 313) N(Lambda, 923) N(Lcaron, 317) N(Lcedil, 315) \
  N(Lmidot, 319) N(Lstrok, 321) N(Mu, 924) N(Nacute, 323) N(Ncaron, 327) N(Ncedil, 325) N(NewLine, 10) L(Ntilde, 209) \
  N(Nu, 925) N(OElig, 338) L(Oacute, 211) L(Ocirc, 212) N(Odblac, 336) L(Ograve, 210) N(Omacr, 332) N(Omega, 937) \
  N(Omicron, 927) L(Oslash, 216) L(Otilde, 213) L(Ouml, 214) N(Phi, 934) N(Pi, 928) N(Prime, 8243) N(Psi, 936) \
  L(QUOT, 34) L(REG, 174) N(Racute, 340) N(Rcaron, 344) N(Rcedil, 342) N(Rho, 929) N(Sacute, 346) N(Scaron, 352) \
  N(Scedil, 350) N(Sigma, 931) L(THORN, 222) N(Tab, 9) N(Tau, 932) N(Tcaron, 356) N(Tcedil, 354) N(Theta, 920) \
  N(Tstrok, 358) L(Uacute, 218) N(Ubreve, 364) L(Ucirc, 219) N(Udblac, 368) L(Ugrave, 217) N(Umacr, 362) \
  N(Uogon, 370) N(Upsilon, 933) N(Uring, 366) L(Uuml, 220) N(Xi, 926) L(Yacute, 221) N(Yuml, 376) N(Zacute, 377) \
  N(Zcaron, 381) N(Zdot, 379) N(Zeta, 918) L(aacute, 225) N(abreve, 259) L(acirc, 226) L(acute, 180) L(aelig, 230) \
  L(agrave, 224) N(alefsym, 8501) N(alpha, 945) N(amacr, 257) L(amp, 38) N(and, 8743) N(ang, 8736) N(aogon, 261) \
  N(apos, 39) L(aring, 229) N(ast, 42) N(asymp, 8776) L(atilde, 227) L(auml, 228) N(bdquo, 8222) N(beta, 946) \
  L(brvbar, 166) N(bsol, 92) N(bull, 8226) N(cacute, 263) N(cap, 8745) N(ccaron, 269) L(ccedil, 231) L(cedil, 184) \
  L(cent, 162) N(check, 10003) N(chi, 967) N(circ, 710) N(clubs, 9827) N(colon, 58) N(comma, 44) N(commat, 64) \
  N(cong, 8773) L(copy, 169) N(crarr, 8629) N(cup, 8746) L(curren, 164) N(dArr, 8659) N(dagger, 8224) N(darr, 8595) \
  N(dash, 8208) N(dcaron, 271) L(deg, 176) N(delta, 948) N(diams, 9830) L(divide, 247) N(dollar, 36) N(dstrok, 273) \
  L(eacute, 233) N(ecaron, 283) L(ecirc, 234) N(edot, 279) L(egrave, 232) N(emacr, 275) N(empty, 8709) N(emsp, 8195) \
  N(eng, 331) N(ensp, 8194) N(eogon, 281) N(epsilon, 949) N(equals, 61) N(equiv, 8801) N(eta, 951) L(eth, 240) \
  L(euml, 235) N(euro, 8364) N(excl, 33) N(exist, 8707) N(ffilig, 64259) N(fflig, 64256) N(ffllig, 64260) \
  N(filig, 64257) N(fllig, 64258) N(fnof, 402) N(forall, 8704) L(frac12, 189) L(frac14, 188) L(frac34, 190) \
  N(frasl, 8260) N(gamma, 947) N(gbreve, 287) N(ge, 8805) N(grave, 96) L(gt, 62) N(hArr, 8660) N(hairsp, 8202) \
  N(harr, 8596) N(hearts, 9829) N(hellip, 8230) N(horbar, 8213) N(hstrok, 295) N(hyphen, 8208) L(iacute, 237) \
  L(icirc, 238) L(iexcl, 161) L(igrave, 236) N(ijlig, 307) N(imacr, 299) N(image, 8465) N(imath, 305) N(infin, 8734) \
  N(inodot, 305) N(int, 8747) N(iogon, 303) N(iota, 953) L(iquest, 191) N(isin, 8712) L(iuml, 239) N(jmath, 567) \
  N(kappa, 954) N(kcedil, 311) N(kgreen, 312) N(lArr, 8656) N(lacute, 314) N(lambda, 955) N(lang, 10216) \
  L(laquo, 171) N(larr, 8592) N(lbrace, 123) N(lbrack, 91) N(lcaron, 318) N(lcedil, 316) N(lceil, 8968) N(lcub, 123) \
  N(ldquo, 8220) N(le, 8804) N(lfloor, 8970) N(lmidot, 320) N(lowast, 8727) N(lowbar, 95) N(loz, 9674) N(lpar, 40) \
  N(lrm, 8206) N(lsaquo, 8249) N(lsqb, 91) N(lsquo, 8216) N(lstrok, 322) L(lt, 60) N(ltrif, 9666) L(macr, 175) \
  N(mdash, 8212) L(micro, 181) N(midast, 42) L(middot, 183) N(minus, 8722) N(mldr, 8230) N(mu, 956) N(nabla, 8711) \
  N(nacute, 324) N(napos, 329) L(nbsp, 160) N(ncaron, 328) N(ncedil, 326) N(ndash, 8211) N(ne, 8800) N(ni, 8715) \
  N(nldr, 8229) L(not, 172) N(notin, 8713) N(nsub, 8836) L(ntilde, 241) N(nu, 957) N(num, 35) N(numsp, 8199) \
  L(oacute, 243) L(ocirc, 244) N(odblac, 337) N(oelig, 339) L(ograve, 242) N(oline, 8254) N(omacr, 333) N(omega, 969) \
  N(omicron, 959) N(oplus, 8853) N(or, 8744) L(ordf, 170) L(ordm, 186) L(oslash, 248) L(otilde, 245) N(otimes, 8855) \
  L(ouml, 246) L(para, 182) N(part, 8706) N(percnt, 37) N(period, 46) N(permil, 8240) N(perp, 8869) N(phi, 966) \
  N(phone, 9742) N(pi, 960) N(piv, 982) N(plus, 43) L(plusmn, 177) L(pound, 163) N(prime, 8242) N(prod, 8719) \
  N(prop, 8733) N(psi, 968) N(puncsp, 8200) N(quest, 63) L(quot, 34) N(rArr, 8658) N(racute, 341) N(radic, 8730) \
  N(rang, 10217) L(raquo, 187) N(rarr, 8594) N(rbrace, 125) N(rbrack, 93) N(rcaron, 345) N(rcedil, 343) \
  N(rceil, 8969) N(rcub, 125) N(rdquo, 8221) N(real, 8476) L(reg, 174) N(rfloor, 8971) N(rho, 961) N(rlm, 8207) \
  N(rpar, 41) N(rsaquo, 8250) N(rsqb, 93) N(rsquo, 8217) N(rtrif, 9656) N(sacute, 347) N(sbquo, 8218) N(scaron, 353) \
  N(scedil, 351) N(sdot, 8901) L(sect, 167) N(semi, 59) L(shy, 173) N(sigma, 963) N(sigmaf, 962) N(sim, 8764) \
  N(sol, 47) N(spades, 9824) N(star, 9734) N(starf, 9733) N(sub, 8834) N(sube, 8838) N(sum, 8721) N(sup, 8835) \
  L(sup1, 185) L(sup2, 178) L(sup3, 179) N(supe, 8839) L(szlig, 223) N(tau, 964) N(tcaron, 357) N(tcedil, 355) \
  N(there4, 8756) N(theta, 952) N(thetasym, 977) N(thinsp, 8201) L(thorn, 254) N(tilde, 732) L(times, 215) \
  N(trade, 8482) N(tstrok, 359) N(uArr, 8657) L(uacute, 250) N(uarr, 8593) N(ubreve, 365) L(ucirc, 251) \
  N(udblac, 369) L(ugrave, 249) N(umacr, 363) L(uml, 168) N(uogon, 371) N(upsih, 978) N(upsilon, 965) N(uring, 367) \
  L(uuml, 252) N(verbar, 124) N(vert, 124) N(weierp, 8472) N(xi, 958) L(yacute, 253) L(yen, 165) L(yuml, 255) \
  N(zacute, 378) N(zcaron, 382) N(zdot, 380) N(zeta, 950) N(zwj, 8205) N(zwnj, 8204)
