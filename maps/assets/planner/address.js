// The part of the page's address after "#": "by=need&zone=E01&at=11.5/52.48/-1.9".
planner.address = (function () {
  // Keys of features as they stand in an address: a key that was there before gets its number added.
  function ownKeys(keys) {
    const taken = new Set();
    return keys.map((key, number) => {
      const own = taken.has(key) ? key + ' #' + number : key;
      taken.add(own);
      return own;
    });
  }

  // "11.5/52.48/-1.9" -> a zoom and a centre on the globe; null for anything else
  function viewOf(words) {
    const [zoom, lat, lon, ...rest] = (words || '').split('/').map((each) => (each === '' ? NaN : Number(each)));
    const real = Number.isFinite(zoom) && Math.abs(lat) <= 85 && Math.abs(lon) <= 180 && !rest.length;
    return real ? { zoom, centre: [lat, lon] } : null;
  }

  function viewWords(zoom, { lat, lng }) {
    return [Number(zoom.toFixed(2)), lat.toFixed(5), lng.toFixed(5)].join('/');
  }

  // { by: "need", zone: "" } -> "#by=need": empty values are left out.
  function hashOf(kept) {
    // Half of a surrogate pair has no place in an address.
    const words = (value) => encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll('%2F', '/');
    return '#' + Object.entries(kept).filter(([, value]) => value).map(([key, value]) => key + '=' + words(value)).join('&');
  }

  return { ownKeys, viewOf, viewWords, hashOf };
})();
