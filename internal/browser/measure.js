// What a reader could not see in this page, and where its pictures are.
(async () => {
	await document.fonts.ready;
	const problems = [], pictures = [];
	const screen = document.documentElement.clientWidth;
	const wide = document.documentElement.scrollWidth;
	if (wide > screen) problems.push(`the page is ${wide} px wide`);
	if (document.body.innerText.trim() === "") problems.push("the page has no text");
	for (const e of document.querySelectorAll("h1,h2,p,ul,dl,figure,.scroll")) {
		const r = e.getBoundingClientRect();
		if (r.left < 0 || r.right > screen + 0.5)
			problems.push(`<${e.localName}> reaches from ${r.left} to ${r.right} px`);
	}
	for (const figure of document.querySelectorAll("figure")) {
		const picture = figure.querySelector("svg,img");
		if (!picture) {
			problems.push("a figure without a picture");
			continue;
		}
		const name = picture.getAttribute("aria-label") || picture.getAttribute("alt") || "";
		if (name === "") problems.push("a picture without a description");
		const r = picture.getBoundingClientRect(), style = getComputedStyle(picture);
		if (r.width < 200 || r.height < 100 || style.visibility !== "visible" ||
			Number(style.opacity) === 0) {
			problems.push(`the picture "${name}" cannot be seen: ${r.width} x ${r.height} px`);
			continue;
		}
		pictures.push({Name: name, X: r.left + scrollX, Y: r.top + scrollY, Width: r.width,
			Height: r.height});
	}
	for (const picture of document.querySelectorAll("svg,img"))
		if (!picture.closest("figure")) problems.push("a picture outside a figure");
	return {Screen: screen, Problems: problems, Pictures: pictures};
})()
