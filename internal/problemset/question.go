package problemset

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"pullback/internal/parallel"

	"pullback/report"
)

// Question is one question of the problem set.
type Question struct {
	ID, Title string // 1.1 and what it asks
	answer    func(Programs) (Section, error)
}

// Section is a question answered.
type Section struct {
	ID, Title string
	Figures   []Figure
	Remarks   []string // paragraphs on what the figures mean together
	// Charts draws the question's pictures.
	Charts func() []report.Chart
}

// Answers are the questions answered.
type Answers struct {
	Sections []Section
	Seconds  float64 // everything, compilation included
}

// Questions are all the questions, in order.
func Questions() []Question {
	return []Question{
		question("1.1", "The trace of a Hessian, and Hutchinson's estimate of it",
			func(p Programs) Program[Trace] { return p.Trace }, answerTrace),
		question("1.2", "The same without the matrix, N = 1000",
			func(p Programs) Program[MatrixFree] { return p.MatrixFree }, answerMatrixFree),
		question("2.1", "Equilibrium of demand and supply",
			func(p Programs) Program[Equilibrium] { return p.Equilibrium }, answerEquilibrium),
		question("2.2", "Log likelihood of an observed price",
			func(p Programs) Program[Likelihood] { return p.Likelihood }, answerLikelihood),
		question("2.3", "Its gradient, through the equilibrium",
			func(p Programs) Program[Slope] { return p.Slope }, answerSlope),
		question("2.4", "Maximum likelihood on 50 observations",
			func(p Programs) Program[Estimation] { return p.Estimation }, answerEstimation),
	}
}

// question ties a question to its program and to what is made of the two answers.
func question[Answer any](id, title string, program func(Programs) Program[Answer],
	answer func(single, double Answer) Section) Question {
	return Question{id, title, func(programs Programs) (Section, error) {
		run := func(precision string, f func() (Answer, error)) (a Answer, err error) {
			if f == nil {
				return a, fmt.Errorf("question %s has no program in %s", id, precision)
			}
			if a, err = f(); err != nil {
				return a, fmt.Errorf("question %s failed in %s: %w", id, precision, err)
			}
			return a, nil
		}
		p := program(programs)
		// Both precisions at once: most of the time goes into compiling, which one thread does.
		var answers [2]Answer
		var errs [2]error
		parallel.For(2, 1, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				if i == 0 {
					answers[i], errs[i] = run("float32", p.Float32)
				} else {
					answers[i], errs[i] = run("float64", p.Float64)
				}
			}
		})
		if err := cmp.Or(errs[0], errs[1]); err != nil {
			return Section{}, err
		}
		section := answer(answers[0], answers[1])
		section.ID, section.Title = id, title
		section.Remarks = append(rounding(section.Figures), section.Remarks...)
		return section, nil
	}}
}

// Find is the questions of those ids, each once and in their own order; all of them if no id is
// given.
func Find(ids ...string) ([]Question, error) {
	if len(ids) == 0 {
		return Questions(), nil
	}
	var found []Question
	var all []string
	for _, q := range Questions() {
		if slices.Contains(ids, q.ID) {
			found = append(found, q)
		}
		all = append(all, q.ID)
	}
	for _, id := range ids {
		if !slices.Contains(all, id) {
			return nil, fmt.Errorf("there is no question %q; the questions are %s", id,
				strings.Join(all, ", "))
		}
	}
	return found, nil
}

// Answer runs the questions' programs.
func Answer(questions []Question, programs Programs) (Answers, error) {
	begin := time.Now()
	var answers Answers
	for _, q := range questions {
		section, err := q.answer(programs)
		if err != nil {
			return Answers{}, err
		}
		answers.Sections = append(answers.Sections, section)
	}
	answers.Seconds = time.Since(begin).Seconds()
	return answers, nil
}

// figures are all the figures of all sections.
func (a Answers) figures() []Figure {
	var all []Figure
	for _, s := range a.Sections {
		all = append(all, s.Figures...)
	}
	return all
}

// Err is a sentence that names the figures which failed, nil if none did.
func (a Answers) Err() error {
	var failed []string
	for _, f := range a.figures() {
		if f.Status == Failed {
			failed = append(failed, f.ID)
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d figures could not be computed: %s; their notes say why",
		len(failed), len(a.figures()), strings.Join(failed, ", "))
}

// judgeAll makes figures by their specs.
func judgeAll[Answer any](single, double Answer, specs ...spec[Answer]) []Figure {
	var figures []Figure
	for _, s := range specs {
		figures = append(figures, s.judge(single, double))
	}
	return figures
}
