// The page's only form is the answer to another site, which waits for it.
document.forms[0].submit();
