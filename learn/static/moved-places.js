/* Lead an old bookmark of a place on this page on to the page to which that place moved. Without this
   script, the place is beside the link to it. */
'use strict';
{
const place = location.hash && document.getElementById(location.hash.slice(1));
const link = place && place.closest('[data-moved]')?.querySelector('a');
if (link) location.replace(link.href + location.hash);
}
